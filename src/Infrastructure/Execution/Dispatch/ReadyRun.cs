using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;

namespace AgentPlatform.Infrastructure.Execution.Dispatch;

/// <summary>A run that may be taken up, as a message says it: <c>tenant:run</c>.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct ReadyRun(Guid TenantId, Guid RunId)
{
    const int GuidLength = 36;

    public byte[] ToMessage() => Encoding.ASCII.GetBytes($"{TenantId}:{RunId}");

    /// <returns>Null of what is no such message.</returns>
    public static ReadyRun? FromMessage(ReadOnlySpan<byte> body) =>
        body.Length == (2 * GuidLength) + 1 && body[GuidLength] == ':'
            && Utf8Parser.TryParse(body[..GuidLength], out Guid tenant, out _) && Utf8Parser.TryParse(body[(GuidLength + 1)..], out Guid run, out _)
            ? new ReadyRun(tenant, run)
            : null;
}

/// <param name="Run">Null of a message that nobody here wrote.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct Delivery(ulong Tag, ReadyRun? Run);
