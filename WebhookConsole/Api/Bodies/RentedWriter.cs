using System.Buffers;

namespace WebhookConsole.Api.Bodies;

/// <summary>
/// A buffer that grows while somebody writes to it, in arrays of the shared pool. They go back with <see cref="Dispose"/>, so it stays within
/// one method: nothing may keep what it hands out.
/// </summary>
internal sealed class RentedWriter : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(512);
    private int _written;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _written);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_bytes.Length - _written), nameof(count));
        _written += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsSpan(_written);
    }

    public void Dispose()
    {
        // Whoever uses it afterwards must not reach an array that belongs to somebody else by now.
        byte[] bytes = _bytes;
        (_bytes, _written) = ([], 0);
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void MakeRoom(int size)
    {
        ObjectDisposedException.ThrowIf(_bytes.Length == 0, this);
        int needed = _written + Math.Max(size, 1);
        if (needed <= _bytes.Length)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * _bytes.Length));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
