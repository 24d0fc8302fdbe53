namespace AgentPlatform.Infrastructure.Integrations.Vendors.Http;

/// <summary>A vendor's answer as it comes in: counted after decompression, so that a bomb is cut where it passes the limit, and given up when nothing comes any more.</summary>
sealed class WatchedStream : Stream
{
    readonly Stream inner;
    readonly Vendor vendor;
    readonly int limit;
    readonly TimeSpan patience;
    readonly CancellationToken caller;
    readonly CancellationTokenSource idle;
    readonly CancellationTokenSource both;
    long count;

    /// <param name="patience">Between two pieces.</param>
    /// <param name="caller">The token of the whole exchange; those of single reads are not looked at.</param>
    public WatchedStream(Stream inner, Vendor vendor, int limit, TimeSpan patience, TimeProvider time, CancellationToken caller)
    {
        (this.inner, this.vendor, this.limit, this.patience, this.caller) = (inner, vendor, limit, patience, caller);
        idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        both = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, caller);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await Next(buffer);
        count += read;
        return count <= limit ? read : throw VendorErrors.TooLarge(vendor, limit);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
        // Nothing is written.
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            both.Dispose();
            idle.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    async ValueTask<int> Next(Memory<byte> buffer)
    {
        var reading = inner.ReadAsync(buffer, both.Token);
        if (reading.IsCompletedSuccessfully)
        {
            return reading.Result;
        }

        idle.CancelAfter(patience);
        try
        {
            return await reading;
        }
        catch (OperationCanceledException) when (idle.IsCancellationRequested && !caller.IsCancellationRequested)
        {
            throw VendorErrors.Timeout(vendor, "stopped in the middle of its answer.");
        }
        catch (Exception e) when (e is IOException or HttpRequestException or InvalidDataException)
        {
            throw VendorErrors.CutOff(vendor, e);
        }
        finally
        {
            idle.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }
}
