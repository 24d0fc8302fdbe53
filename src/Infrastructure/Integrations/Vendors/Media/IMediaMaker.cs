using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Media;

/// <summary>One vendor's way of making one thing; it lives for one question.</summary>
interface IMediaMaker
{
    /// <summary>One try; every way in which it can fail is a <see cref="ModelException"/>.</summary>
    /// <returns>The bytes as the vendor gave them, and the tokens that it says it used, where it sells those.</returns>
    Task<(byte[] Bytes, UsageDetails? Said)> Make(CancellationToken ct);
}
