namespace WebhookConsole.Benchmarks.Scaling;

/// <summary>
/// Lets events arrive at random at many webhooks and counts how often a lane starts: a lane ends when nothing has come for a while, and the
/// next event has to start it through the scheduler.
/// </summary>
internal static class LaneSimulation
{
    // This is long compared with the time that a lane lingers. A fixed seed makes runs comparable.
    private const double Seconds = 300;
    private const int Seed = 7;

    // A lane that gets so many events while it lingers never ends: the chance that it does is e to minus this.
    private const double Always = 30;

    /// <param name="inputs">How many webhooks, and how long lanes stay.</param>
    /// <param name="deliveries">Deliveries per second of all webhooks.</param>
    /// <returns>Lane starts per second, and how many lanes run on average.</returns>
    public static (double Starts, double Running) Run(ScalingInputs inputs, double deliveries)
    {
        Random random = new(Seed);
        int webhooks = (int)inputs.Webhooks;
        double[] weights = [.. Enumerable.Range(1, webhooks).Select(rank => Math.Pow(rank, -inputs.Skew))];
        double all = weights.Sum();
        double stays = inputs.AnswerSeconds + inputs.LingerSeconds;
        double starts = 0;
        double running = 0;
        foreach (double weight in weights)
        {
            double rate = deliveries * weight / all;
            if (rate * stays > Always)
            {
                running++;
                continue;
            }

            (double began, double ran) = OneWebhook(random, rate, stays);
            starts += began / Seconds;
            running += Math.Min(ran / Seconds, 1);
        }

        // A retry comes later than any lane waits.
        return (starts + (deliveries * inputs.FailedShare * ShareAsleep(running, webhooks)), running);
    }

    private static (double Starts, double Ran) OneWebhook(Random random, double rate, double stays)
    {
        double starts = 0;
        double ran = 0;
        double ends = -1;
        for (double now = Gap(random, rate); now < Seconds; now += Gap(random, rate))
        {
            if (now > ends)
            {
                starts++;
                ran += stays;
            }
            else
            {
                ran += now + stays - ends;
            }

            ends = now + stays;
        }

        return (starts, ran);
    }

    private static double ShareAsleep(double running, int webhooks) => Math.Clamp(1 - (running / webhooks), 0, 1);

    // The time between two events of a Poisson process.
    private static double Gap(Random random, double rate) => rate > 0 ? -Math.Log(1 - random.NextDouble()) / rate : double.PositiveInfinity;
}
