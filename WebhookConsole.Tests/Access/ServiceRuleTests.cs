using System.Reflection;
using System.Runtime.ExceptionServices;
using WebhookConsole.Access;
using WebhookConsole.Audit;
using WebhookConsole.Components;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Access;

/// <summary>
/// Every command and query of the services that takes an actor, which is what pages and circuit events call: it says its rule and keeps
/// it, for every role, member or stranger, and for every scope of a token.
/// </summary>
public sealed class ServiceRuleTests(RuleWalk walk) : IClassFixture<RuleWalk>
{
    // One writes down what a service has decided, the other asks the rules of pages: neither gives anything away.
    private static readonly Type[] s_noServices = [typeof(AuditLog), typeof(PageRule)];

    private static readonly NullabilityInfoContext s_nullability = new();

    private static IEnumerable<MethodInfo> Commands() =>
        typeof(WebhookConsoleApp)
            .Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false } && !s_noServices.Contains(t) && !t.Name.Contains('<', StringComparison.Ordinal))
            .SelectMany(t => t.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(m => m.GetParameters() is [{ ParameterType: var first }, ..] && first == typeof(Actor) && IsCommand(m));

    // Callbacks of pages carry an actor too; a command answers with a task.
    private static bool IsCommand(MethodInfo method) =>
        typeof(Task).IsAssignableFrom(method.ReturnType)
        || method.ReturnType == typeof(ValueTask)
        || (method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(ValueTask<>));

    private static string NameOf(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    [Fact]
    public void Commands_All_SayTheirRule()
    {
        Assert.Empty(
            Commands().Where(m => (m.GetCustomAttribute<RequiresAttribute>() is null) == (m.GetCustomAttribute<OpenToAttribute>() is null)).Select(NameOf)
        );
        Assert.True(Commands().Count() > 35, "The services were not found.");
    }

    [Fact]
    public async Task Commands_EveryActor_KeepTheirRule()
    {
        Actor[] actors =
        [
            .. RuleWalk.Roles.SelectMany(r => new[] { walk.Person(r, member: true), walk.Person(r, member: false) }),
            .. TokenScopeNames
                .All.Select(s => s.Scope)
                .Append(TokenScopes.All)
                .SelectMany(s => new[] { walk.Token(s, member: true), walk.Token(s, member: false) }),
        ];
        List<string> wrong = [];
        foreach (MethodInfo command in Commands().Where(m => m.GetCustomAttribute<RequiresAttribute>() is not null))
        {
            object? service = walk.App.Services.GetService(command.DeclaringType!);
            if (service is null)
            {
                wrong.Add($"{NameOf(command)} belongs to nothing that the application registers.");
                continue;
            }

            Permission permission = command.GetCustomAttribute<RequiresAttribute>()!.Permission;
            foreach (Actor actor in actors)
            {
                System.Net.HttpStatusCode expected = walk.Expected(actor, permission);
                RefusalKind? refusal = await RefusalAsync(command, service, actor);
                bool right = expected switch
                {
                    System.Net.HttpStatusCode.Forbidden => refusal == RefusalKind.Forbidden,
                    System.Net.HttpStatusCode.NotFound => refusal == RefusalKind.NotFound,
                    _ => refusal is not RefusalKind.Forbidden,
                };
                if (!right)
                {
                    wrong.Add($"{NameOf(command)} for {actor.Kind} {actor.Name}: expected {expected}, got {refusal?.ToString() ?? "no refusal"}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    // What the call is refused with, if anything; other errors come from the made-up arguments, after the rule was asked.
    private async Task<RefusalKind?> RefusalAsync(MethodInfo command, object service, Actor actor)
    {
        object?[] arguments = [.. command.GetParameters().Select(p => Argument(p, actor))];
        try
        {
            object result = Invoke(command, service, arguments)!;
            await (result as Task ?? (Task)result.GetType().GetMethod("AsTask")!.Invoke(result, null)!);
            return null;
        }
        catch (RuleException exception)
        {
            return exception.Kind;
        }
        catch (Exception exception) when (exception is NullReferenceException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static object? Invoke(MethodInfo command, object service, object?[] arguments)
    {
        try
        {
            return command.Invoke(service, arguments);
        }
        catch (TargetInvocationException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException!);
            throw;
        }
    }

    private object? Argument(ParameterInfo parameter, Actor actor)
    {
        Type type = parameter.ParameterType;
        return type == typeof(Actor) ? actor
            : type == typeof(Guid)
                ? parameter.Name == "projectId" ? walk.ProjectId
                    : Guid.CreateVersion7()
            : s_nullability.Create(parameter).WriteState == NullabilityState.Nullable ? null
            : type == typeof(string) ? "x"
            : type.IsValueType ? Activator.CreateInstance(type)
            : type.IsGenericType && type.IsAssignableFrom(type.GetGenericArguments()[0].MakeArrayType())
                ? Array.CreateInstance(type.GetGenericArguments()[0], 0)
            : type.GetConstructor(Type.EmptyTypes) is { } constructor ? constructor.Invoke(null)
            : null;
    }
}
