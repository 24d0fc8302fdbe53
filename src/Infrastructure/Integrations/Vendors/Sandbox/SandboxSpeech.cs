using System.Buffers.Binary;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Infrastructure.Integrations.Vendors.Media;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Sandbox;

/// <summary>Speech without any voice: a short tone for each letter or digit, silence for the rest. The same text always sounds the same, to the byte.</summary>
sealed class SandboxSpeech(SpeechQuestion question) : IMediaMaker
{
    const int SamplesPerSecond = 8_000;
    const int SamplesPerCharacter = SamplesPerSecond / 25;
    const int HeaderBytes = 44;

    /// <summary>Twenty seconds: what is longer says nothing more.</summary>
    const int MaxCharacters = 500;

    const byte Silence = 128;

    public Task<(byte[] Bytes, UsageDetails? Said)> Make(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var text = question.Text.AsSpan(0, Math.Min(question.Text.Length, MaxCharacters));
        var wave = new byte[HeaderBytes + (text.Length * SamplesPerCharacter)];
        WriteHeader(wave);
        for (var i = 0; i < text.Length; i++)
        {
            Sound(text[i], wave.AsSpan(HeaderBytes + (i * SamplesPerCharacter), SamplesPerCharacter));
        }

        return Task.FromResult<(byte[], UsageDetails?)>((wave, null));
    }

    /// <summary>A triangle, because it takes whole numbers only: floating point differs from one machine to the next.</summary>
    static void Sound(char character, Span<byte> samples)
    {
        if (!char.IsLetterOrDigit(character))
        {
            samples.Fill(Silence);
            return;
        }

        var period = 16 + (char.ToLowerInvariant(character) % 32);
        for (var i = 0; i < samples.Length; i++)
        {
            var place = i % period * 4 * 48 / period;
            var height = place < 48 ? place : place < 144 ? 96 - place : place - 192;
            samples[i] = (byte)(Silence + height);
        }
    }

    /// <summary>RIFF: one channel of eight bits.</summary>
    static void WriteHeader(Span<byte> wave)
    {
        "RIFF"u8.CopyTo(wave);
        BinaryPrimitives.WriteInt32LittleEndian(wave[4..], wave.Length - 8);
        "WAVEfmt "u8.CopyTo(wave[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(wave[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(wave[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(wave[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(wave[24..], SamplesPerSecond);
        BinaryPrimitives.WriteInt32LittleEndian(wave[28..], SamplesPerSecond);
        BinaryPrimitives.WriteInt16LittleEndian(wave[32..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(wave[34..], 8);
        "data"u8.CopyTo(wave[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(wave[40..], wave.Length - HeaderBytes);
    }
}
