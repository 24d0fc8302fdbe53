using System.Buffers.Binary;

namespace AgentPlatform.Domain.Execution;

/// <summary>
/// Ids of steps are computed from their run's: the run's time bits and 50 of its random bits, then a 24-bit sequence number.
/// So the steps of a run lie side by side in the primary key and in the run's own month, and are read by a range of it:
/// the table that is written most needs no second index. Layout of a UUIDv7: 48 bits time, 4 version, 12 random, 2 variant, 62 random.
/// </summary>
public static class StepId
{
    /// <summary>How many steps (attempts and items included) one run may store.</summary>
    public const int MaxSequence = (1 << 24) - 1;

    public static Guid Of(Guid runId, int sequence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sequence, MaxSequence);
        Span<byte> bytes = stackalloc byte[16];
        runId.TryWriteBytes(bytes, bigEndian: true, out _);
        var low = BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]) & 0xFF00_0000u;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], low | (uint)sequence);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The first and the last id that a step of this run can have.</summary>
    public static (Guid First, Guid Last) Range(Guid runId) => (Of(runId, 0), Of(runId, MaxSequence));

    public static int SequenceOf(Guid stepId)
    {
        Span<byte> bytes = stackalloc byte[16];
        stepId.TryWriteBytes(bytes, bigEndian: true, out _);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]) & 0x00FF_FFFFu);
    }
}
