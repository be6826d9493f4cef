using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Audit;
using WebhookConsole.Components;
using WebhookConsole.Components.Gate;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.People;

namespace WebhookConsole.Tests.Rules;

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
                    // A command without a project finds nothing of what the actor may not see, before it says what they may not do.
                    System.Net.HttpStatusCode.Forbidden => refusal == RefusalKind.Forbidden
                        || (refusal == RefusalKind.NotFound && !Array.Exists(command.GetParameters(), p => p.Name == "projectId")),
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

    [Fact]
    public async Task Commands_IdsOfAnotherProject_FindNothingAndChangeNothing()
    {
        IReadOnlyDictionary<string, Guid> theirs = walk.Theirs;
        string before = await SnapshotAsync(theirs);
        Actor admin = walk.Person(Role.Admin, member: true);
        List<string> wrong = [];
        HashSet<string> used = new(StringComparer.Ordinal);
        foreach (MethodInfo command in Commands().Where(m => m.GetParameters().Any(p => theirs.ContainsKey(p.Name ?? ""))))
        {
            ParameterInfo[] parameters = command.GetParameters();
            if (!Array.Exists(parameters, p => p.Name == "projectId"))
            {
                wrong.Add($"{NameOf(command)} takes an id and no project that it has to be in.");
                continue;
            }

            used.UnionWith(parameters.Select(p => p.Name!));
            object?[] arguments = [.. parameters.Select(p => theirs.TryGetValue(p.Name ?? "", out Guid id) ? id : Argument(p, admin))];
            (RefusalKind? refusal, object? result) = await CallAsync(command, walk.App.Services.GetService(command.DeclaringType!)!, arguments);
            bool nothing = result is null or 0 || (result is System.Collections.ICollection { Count: 0 });
            if (refusal != RefusalKind.NotFound && !(refusal is null && nothing) && refusal is not RefusalKind.Forbidden)
            {
                wrong.Add($"{NameOf(command)}: {refusal?.ToString() ?? result?.ToString()}");
            }
        }

        Assert.Empty(wrong);
        Assert.Superset(theirs.Keys.ToHashSet(StringComparer.Ordinal), used);
        Assert.Equal(before, await SnapshotAsync(theirs));
    }

    private Task<string> SnapshotAsync(IReadOnlyDictionary<string, Guid> ids) =>
        walk.App.QueryAsync(async db =>
        {
            Webhook webhook = await db.Webhooks.AsNoTracking().SingleAsync(w => w.Id == ids["webhookId"]);
            return string.Join(
                ' ',
                webhook.Name,
                webhook.Url,
                webhook.Version,
                webhook.Enabled,
                webhook.DeletedAt,
                string.Join(
                    ',',
                    await db.WebhookSecrets.Where(s => s.WebhookId == webhook.Id).Select(s => s.Fingerprint + s.Claimable + s.ExpiresAt).ToListAsync()
                ),
                await db.Attempts.CountAsync(a => a.DeliveryId == ids["deliveryId"]),
                (await db.Inboxes.SingleAsync(i => i.Id == ids["inboxId"])).Answers,
                await db.InboxRequests.CountAsync(r => r.InboxId == ids["inboxId"]),
                (await db.ApiTokens.SingleAsync(t => t.Id == ids["tokenId"])).RevokedAt
            );
        });

    // What the call is refused with, if anything; other errors come from the made-up arguments, after the rule was asked.
    private async Task<RefusalKind?> RefusalAsync(MethodInfo command, object service, Actor actor) =>
        (await CallAsync(command, service, [.. command.GetParameters().Select(p => Argument(p, actor))])).Refusal;

    private static async Task<(RefusalKind? Refusal, object? Result)> CallAsync(MethodInfo command, object service, object?[] arguments)
    {
        try
        {
            object returned = Invoke(command, service, arguments)!;
            Task task = returned as Task ?? (Task)returned.GetType().GetMethod("AsTask")!.Invoke(returned, null)!;
            await task;
            return (null, task.GetType().GetProperty("Result")?.GetValue(task));
        }
        catch (RuleException exception)
        {
            return (exception.Kind, null);
        }
        catch (Exception exception) when (exception is NullReferenceException or ArgumentException or InvalidOperationException)
        {
            return (null, null);
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
            : type == typeof(HeldChoice) ? new HeldChoice(HeldAction.Send)
            : type == typeof(Invitation) ? new Invitation("somebody@example.com", Role.Viewer, [walk.ProjectId])
            : type == typeof(Guid)
                ? parameter.Name == "projectId" ? walk.ProjectId
                    : Guid.CreateVersion7()
            : parameter.Name == "password" ? RuleWalk.Password
            : s_nullability.Create(parameter).WriteState == NullabilityState.Nullable ? null
            : type == typeof(string) ? "x"
            : type == typeof(int) ? 200
            : type.IsValueType ? Activator.CreateInstance(type)
            : type.IsGenericType && type.IsAssignableFrom(type.GetGenericArguments()[0].MakeArrayType())
                ? Array.CreateInstance(type.GetGenericArguments()[0], 0)
            : type.GetConstructor(Type.EmptyTypes) is { } constructor ? constructor.Invoke(null)
            : null;
    }
}
