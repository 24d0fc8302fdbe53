using System.Security.Cryptography;
using System.Text;

namespace AgentPlatform.Domain.Execution;

/// <summary>
/// Ids of what a step brings into the world (a child run, an approval, an event), computed from the run and the step's place in it:
/// a step that is repeated after a crash names the same thing again instead of making a second one.
/// The run's time bits are kept, so that the id lies in the run's month; 74 bits are of a hash.
/// </summary>
public static class DerivedId
{
    /// <param name="step">The step's key in its run, for example <c>each[3]/call</c>.</param>
    /// <param name="what">What is made, for example <c>child/2</c> for the second attempt's child run.</param>
    public static Guid Of(Guid runId, string step, string what)
    {
        Span<byte> id = stackalloc byte[16];
        runId.TryWriteBytes(id, bigEndian: true, out _);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{runId:n}\n{step}\n{what}"), hash);
        hash[..10].CopyTo(id[6..]);

        // Version 7 in the upper half of the seventh byte, the variant in the two upper bits of the ninth.
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }

    /// <summary>Between which every such id of a run lies; those of other runs of the same millisecond lie there too.</summary>
    public static (Guid First, Guid Last) Range(Guid runId)
    {
        Span<byte> id = stackalloc byte[16];
        runId.TryWriteBytes(id, bigEndian: true, out _);
        id[6..].Clear();
        var first = new Guid(id, bigEndian: true);
        id[6..].Fill(0xFF);
        return (first, new Guid(id, bigEndian: true));
    }
}
