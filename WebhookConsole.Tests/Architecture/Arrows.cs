using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace WebhookConsole.Tests.Architecture;

/// <summary>One type uses another.</summary>
/// <param name="From">Full name of the user, the outermost type where it is nested.</param>
/// <param name="To">Full name of what is used.</param>
public sealed record Use(string From, string To)
{
    public string FromNamespace => NamespaceOf(From);

    public string ToNamespace => NamespaceOf(To);

    public override string ToString() => $"{From} uses {To}";

    private static string NamespaceOf(string name) => name.LastIndexOf('.') is var dot and >= 0 ? name[..dot] : "";
}

/// <summary>
/// Reads out of a compiled assembly which type uses which: signatures, fields, base types, attributes and every instruction of every
/// method, with what compilers put into nested types counted for the type that it is written in.
/// </summary>
public sealed class Arrows
{
    private readonly HashSet<Use> _uses = [];
    private readonly MetadataReader _metadata;
    private readonly PEReader _assembly;
    private readonly Names _names;

    private Arrows(PEReader assembly)
    {
        _assembly = assembly;
        _metadata = assembly.GetMetadataReader();
        _names = new Names(_metadata);
    }

    public static IReadOnlyCollection<Use> Of(string file)
    {
        using PEReader assembly = new(File.OpenRead(file));
        Arrows arrows = new(assembly);
        foreach (TypeDefinitionHandle handle in arrows._metadata.TypeDefinitions)
        {
            arrows.Read(handle);
        }

        return arrows._uses;
    }

    private void Read(TypeDefinitionHandle handle)
    {
        string from = _names.OutermostName(handle);
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        Add(from, type.BaseType);
        foreach (InterfaceImplementationHandle implemented in type.GetInterfaceImplementations())
        {
            Add(from, _metadata.GetInterfaceImplementation(implemented).Interface);
        }

        foreach (CustomAttributeHandle attribute in type.GetCustomAttributes())
        {
            Add(from, _metadata.GetCustomAttribute(attribute).Constructor);
        }

        foreach (FieldDefinitionHandle field in type.GetFields())
        {
            Add(from, _metadata.GetFieldDefinition(field).DecodeSignature(_names, null));
        }

        foreach (MethodDefinitionHandle method in type.GetMethods())
        {
            Read(from, _metadata.GetMethodDefinition(method));
        }
    }

    private void Read(string from, MethodDefinition method)
    {
        Add(from, method.DecodeSignature(_names, null));
        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        MethodBodyBlock body = _assembly.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            foreach (ImmutableArray<string> local in _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_names, null))
            {
                Add(from, local);
            }
        }

        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            Add(from, region.CatchType);
        }

        BlobReader code = body.GetILReader();
        while (code.RemainingBytes > 0)
        {
            int value = code.ReadByte();
            bool two = value == 0xFE;
            value = two ? code.ReadByte() : value;
            int operand = OperandSize(value, two, ref code);
            if (operand == -1)
            {
                Add(from, System.Reflection.Metadata.Ecma335.MetadataTokens.EntityHandle(code.ReadInt32()));
            }
            else
            {
                code.Offset += operand;
            }
        }
    }

    // ECMA-335 III.1.9: bytes after the opcode; -1 for a token of a type, method or field.
    private static int OperandSize(int code, bool two, ref BlobReader reader)
    {
        if (two)
        {
            return code switch
            {
                0x06 or 0x07 or 0x15 or 0x16 or 0x1C => -1,
                >= 0x09 and <= 0x0E => 2,
                0x12 or 0x19 => 1,
                _ => 0,
            };
        }

        return code switch
        {
            >= 0x0E and <= 0x13 or 0x1F or (>= 0x2B and <= 0x37) or 0xDE => 1,
            0x20 or 0x22 or (>= 0x38 and <= 0x44) or 0xDD or 0x72 or 0x29 => 4,
            0x21 or 0x23 => 8,
            0x45 => reader.ReadInt32() * 4,
            0x27
            or 0x28
            or 0x6F
            or (>= 0x70 and <= 0x71)
            or (>= 0x73 and <= 0x75)
            or 0x79
            or (>= 0x7B and <= 0x81)
            or 0x8C
            or 0x8D
            or 0x8F
            or (>= 0xA3 and <= 0xA5)
            or 0xC2
            or 0xC6
            or 0xD0 => -1,
            _ => 0,
        };
    }

    private void Add(string from, MethodSignature<ImmutableArray<string>> signature)
    {
        Add(from, signature.ReturnType);
        foreach (ImmutableArray<string> parameter in signature.ParameterTypes)
        {
            Add(from, parameter);
        }
    }

    private void Add(string from, ImmutableArray<string> names)
    {
        foreach (string to in names)
        {
            if (to != from)
            {
                _uses.Add(new Use(from, to));
            }
        }
    }

    private void Add(string from, EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition or HandleKind.TypeReference or HandleKind.TypeSpecification:
                Add(from, _names.NamesOf(handle));
                break;
            case HandleKind.MethodDefinition:
                Add(from, _metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                Add(from, _metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                MemberReference member = _metadata.GetMemberReference((MemberReferenceHandle)handle);
                Add(from, member.Parent);
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification generic = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                Add(from, generic.Method);
                foreach (ImmutableArray<string> argument in generic.DecodeSignature(_names, null))
                {
                    Add(from, argument);
                }

                break;
        }
    }

    // Every signature becomes the flat list of the types it names.
    private sealed class Names(MetadataReader metadata) : ISignatureTypeProvider<ImmutableArray<string>, object?>
    {
        public string OutermostName(TypeDefinitionHandle handle)
        {
            TypeDefinition type = metadata.GetTypeDefinition(handle);
            TypeDefinitionHandle outer = type.GetDeclaringType();
            return outer.IsNil ? Full(type.Namespace, type.Name) : OutermostName(outer);
        }

        public ImmutableArray<string> NamesOf(EntityHandle handle) =>
            handle.Kind switch
            {
                HandleKind.TypeDefinition => [OutermostName((TypeDefinitionHandle)handle)],
                HandleKind.TypeReference => [OutermostName((TypeReferenceHandle)handle)],
                _ => metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null),
            };

        public ImmutableArray<string> GetArrayType(ImmutableArray<string> elementType, ArrayShape shape) => elementType;

        public ImmutableArray<string> GetByReferenceType(ImmutableArray<string> elementType) => elementType;

        public ImmutableArray<string> GetFunctionPointerType(MethodSignature<ImmutableArray<string>> signature) => [];

        public ImmutableArray<string> GetGenericInstantiation(ImmutableArray<string> genericType, ImmutableArray<ImmutableArray<string>> typeArguments) =>
            [.. genericType, .. typeArguments.SelectMany(a => a)];

        public ImmutableArray<string> GetGenericMethodParameter(object? genericContext, int index) => [];

        public ImmutableArray<string> GetGenericTypeParameter(object? genericContext, int index) => [];

        public ImmutableArray<string> GetModifiedType(ImmutableArray<string> modifier, ImmutableArray<string> unmodifiedType, bool isRequired) =>
            unmodifiedType;

        public ImmutableArray<string> GetPinnedType(ImmutableArray<string> elementType) => elementType;

        public ImmutableArray<string> GetPointerType(ImmutableArray<string> elementType) => elementType;

        public ImmutableArray<string> GetPrimitiveType(PrimitiveTypeCode typeCode) => [];

        public ImmutableArray<string> GetSZArrayType(ImmutableArray<string> elementType) => elementType;

        public ImmutableArray<string> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => [OutermostName(handle)];

        public ImmutableArray<string> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => [OutermostName(handle)];

        public ImmutableArray<string> GetTypeFromSpecification(
            MetadataReader reader,
            object? genericContext,
            TypeSpecificationHandle handle,
            byte rawTypeKind
        ) => NamesOf(handle);

        private string OutermostName(TypeReferenceHandle handle)
        {
            TypeReference type = metadata.GetTypeReference(handle);
            return type.ResolutionScope.Kind == HandleKind.TypeReference
                ? OutermostName((TypeReferenceHandle)type.ResolutionScope)
                : Full(type.Namespace, type.Name);
        }

        private string Full(StringHandle space, StringHandle name) =>
            metadata.GetString(space) is { Length: > 0 } text ? text + "." + metadata.GetString(name) : metadata.GetString(name);
    }
}
