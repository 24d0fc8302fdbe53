namespace AgentPlatform.Infrastructure.Execution.Skills.Mail;

/// <summary>A connection to a mail server that says no more than a conversation needs. It can begin with what was said before the connection was encrypted.</summary>
sealed class SmtpWire(Stream inner, ReadOnlyMemory<byte> before = default) : Stream
{
    /// <summary>Of all answers together.</summary>
    public const int MaxAnswers = 256 * 1024;

    ReadOnlyMemory<byte> before = before;
    int taken;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!before.IsEmpty)
        {
            var some = Math.Min(before.Length, buffer.Length);
            before[..some].CopyTo(buffer);
            before = before[some..];
            return some;
        }

        var read = await inner.ReadAsync(buffer, cancellationToken);
        taken += read;
        return taken <= MaxAnswers ? read : throw new IOException($"The server said more than {MaxAnswers} bytes.");
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
