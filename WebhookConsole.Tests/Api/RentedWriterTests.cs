using System.Buffers;
using System.Text;
using WebhookConsole.Api.Bodies;

namespace WebhookConsole.Tests.Api;

/// <summary>Its arrays come from a pool that everything in the process uses, so it must show what was written to it and nothing else.</summary>
public class RentedWriterTests
{
    [Fact]
    public void Written_GrownOverManyArrays_IsWhatWasWritten()
    {
        StringBuilder expected = new();
        using RentedWriter writer = new();
        for (int i = 0; i < 5000; i++)
        {
            string part = $"{i},";
            expected.Append(part);
            writer.Write(Encoding.UTF8.GetBytes(part));
        }

        Assert.Equal(expected.ToString(), Encoding.UTF8.GetString(writer.Written));
    }

    [Fact]
    public void Written_ArrayUsedBefore_HasNothingOfIt()
    {
        using (RentedWriter other = new())
        {
            other.Write("somebody else's payload"u8);
        }

        using RentedWriter writer = new();
        writer.Write("mine"u8);
        Assert.Equal("mine", Encoding.UTF8.GetString(writer.Written));
    }

    [Fact]
    public void Dispose_Twice_GivesTheArrayBackOnce()
    {
        RentedWriter writer = new();
        writer.Dispose();
        writer.Dispose();

        using RentedWriter first = new();
        using RentedWriter second = new();
        first.Write("first"u8);
        second.Write("other"u8);
        Assert.Equal("first", Encoding.UTF8.GetString(first.Written));
    }

    [Fact]
    public void Write_AfterDispose_IsRefused()
    {
        RentedWriter writer = new();
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.GetMemory(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(1));
        Assert.Equal(0, writer.Written.Length);
    }
}
