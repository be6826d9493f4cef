using Quartz;
using WebhookConsole.Configuration;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries.Lanes;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Jobs;

/// <summary>The door of the scheduler. Quartz is used here and nowhere else.</summary>
public static class JobServices
{
    // A lane holds its place while it runs, so the number of places bounds how many webhooks deliver at once. Waiting costs no thread.
    private const int MaxLanes = 10_000;

    // A trigger that another node has set or released is found after this time at the latest.
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(1);

    // The scheduler starts the jobs of a dead node again after this time; the lease decides whether their lanes may run.
    private static readonly TimeSpan s_checkin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(2);

    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        SteadyClock steady = new(TimeProvider.System);
        services.AddSingleton(steady);
        services.AddSingleton<QuartzLaneScheduler>();
        services.AddSingleton<ClusterLaneScheduler>();
        services.AddSingleton<ILaneScheduler>(provider => provider.GetRequiredService<ClusterLaneScheduler>());
        services.AddHostedService(provider => provider.GetRequiredService<ClusterLaneScheduler>());
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

    /// <summary>Adds the scheduler for the lanes of a cluster, which is in the database. Everything else stays with the scheduler in memory.</summary>
    /// <param name="services">With everything else.</param>
    /// <param name="configuration">Checked.</param>
    public static void AddClusterScheduler(this IServiceCollection services, IConfiguration configuration)
    {
        if (!configuration.GetValue<bool>("Cluster:Enabled"))
        {
            return;
        }

        string connection = PostgresConnection.StringOf(configuration.GetSection("Storage").Get<StorageOptions>()!, isCluster: true);
        services.AddQuartz(
            QuartzLaneScheduler.ClusterName,
            quartz =>
            {
                quartz.UseDefaultThreadPool(pool => pool.MaxConcurrency = MaxLanes);
                quartz.ConfigureScheduler(options =>
                {
                    options.InstanceId = Ids.New(TimeProvider.System.GetUtcNow()).ToString();
                    options.IdleWaitTime = s_idle;
                });
                quartz.UsePersistentStore(store =>
                {
                    store.UsePostgres(PostgresDialect.Factory, connection);
                    store.ProvisionSchema();
                    store.UseSystemTextJsonSerializer();
                    store.ConfigureStore(options => options.DbRetryInterval = s_retry);
                    store.UseClustering(cluster =>
                    {
                        cluster.CheckinInterval = s_checkin;
                        cluster.CheckinMisfireThreshold = s_silence;
                    });
                });
            }
        );
    }

    private static void Every<T>(IQuartzBuilder quartz, TimeSpan interval)
        where T : IJob =>
        quartz.ScheduleJob<T>(
            trigger => trigger.WithIdentity(typeof(T).Name).StartNow().WithSimpleSchedule(s => s.WithInterval(interval).RepeatForever()),
            job => job.WithIdentity(typeof(T).Name)
        );
}
