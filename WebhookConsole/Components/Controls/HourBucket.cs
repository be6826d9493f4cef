using System.Runtime.InteropServices;

namespace WebhookConsole.Components.Controls;

/// <summary>Deliveries that ended in one hour.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HourBucket(int Succeeded, int Failed);
