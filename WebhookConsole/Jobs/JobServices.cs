using Quartz;
using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Deliveries.Recoveries;

namespace WebhookConsole.Jobs;

/// <summary>The door of the scheduler. Quartz is used here and nowhere else.</summary>
public static class JobServices
{
    // A lane holds its place while it runs, so the number of places bounds how many webhooks deliver at once. Waiting costs no thread.
    private const int MaxLanes = 10_000;

    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        SteadyClock steady = new(TimeProvider.System);
        services.AddSingleton(steady);
        services.AddSingleton<ILaneScheduler, QuartzLaneScheduler>();
        services.AddSingleton<IRecoveryScheduler, QuartzRecoveryScheduler>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<TrimMemory>();
        services.AddQuartz(quartz =>
        {
            quartz.UseTimeProvider(steady);
            quartz.UseDefaultThreadPool(pool => pool.MaxConcurrency = MaxLanes);
            Every<SweepJob>(quartz, TimeSpan.FromSeconds(30));
            Every<RecoveryJob>(quartz, TimeSpan.FromSeconds(30));
            Every<ChangesElsewhereJob>(quartz, TimeSpan.FromSeconds(2));
            Every<SecretExpiryJob>(quartz, TimeSpan.FromMinutes(1));
            Every<BacklogJob>(quartz, TimeSpan.FromMinutes(1));
            Every<RetentionJob>(quartz, TimeSpan.FromMinutes(10));
            Every<TrimMemoryJob>(quartz, TimeSpan.FromSeconds(10));
        });
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        return services;
    }

    private static void Every<T>(IQuartzBuilder quartz, TimeSpan interval)
        where T : IJob =>
        quartz.ScheduleJob<T>(
            trigger => trigger.WithIdentity(typeof(T).Name).StartNow().WithSimpleSchedule(s => s.WithInterval(interval).RepeatForever()),
            job => job.WithIdentity(typeof(T).Name)
        );
}
