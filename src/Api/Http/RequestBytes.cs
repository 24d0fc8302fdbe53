using System.Buffers;
using System.IO.Pipelines;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Api.Http;

/// <summary>Reads a whole request body up to a limit, whether its length was announced or not.</summary>
static class RequestBytes
{
    public static async Task<byte[]> Read(HttpContext context, int limit)
    {
        var request = context.Request;
        if (request.ContentLength > limit)
        {
            throw TooLarge(limit);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(RequestLimits.BodyTimeout);
        try
        {
            return await Read(request.BodyReader, limit, patience.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new RefusedException(new Error(ErrorKind.Malformed, "body_too_slow", $"The body did not arrive within {RequestLimits.BodyTimeout.TotalSeconds} seconds."));
        }
    }

    static async Task<byte[]> Read(PipeReader reader, int limit, CancellationToken ct)
    {
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            var buffer = read.Buffer;
            if (buffer.Length > limit)
            {
                reader.AdvanceTo(buffer.End);
                throw TooLarge(limit);
            }

            if (read.IsCompleted)
            {
                var bytes = buffer.ToArray();
                reader.AdvanceTo(buffer.End);
                return bytes;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    static RefusedException TooLarge(int limit) =>
        new(new Error(ErrorKind.TooLarge, "too_large", $"The body is larger than {limit} bytes."));
}
