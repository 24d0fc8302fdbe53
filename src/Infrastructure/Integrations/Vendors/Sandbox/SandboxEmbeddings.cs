using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Sandbox;

/// <summary>Vectors without any model: each word adds to one place, so texts with words in common are near each other, and nothing else is meant by it.</summary>
sealed class SandboxEmbeddings(VendorService service) : IEmbeddingGenerator<string, Embedding<float>>
{
    const int Dimensions = 256;
    const int MaxDimensions = 4096;

    static readonly char[] Between = [' ', '\t', '\r', '\n', '.', ',', ';', ':', '!', '?', '(', ')', '[', ']', '"', '\''];

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values as IReadOnlyList<string> ?? [.. values];
        var longest = texts.Max(text => Tokens.Count(text));
        if (longest > service.ContextWindow)
        {
            throw VendorErrors.ContextTooLong(service.Vendor, $"{longest} tokens are more than the {service.ContextWindow} that {service.Id} takes.");
        }

        var dimensions = Math.Clamp(options?.Dimensions ?? Dimensions, 1, MaxDimensions);
        return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(texts.Select(text => new Embedding<float>(Vector(text, dimensions))))
        {
            Usage = new UsageDetails { InputTokenCount = texts.Sum(text => (long)Tokens.Count(text)) },
        });
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // It holds nothing.
    }

    static float[] Vector(string text, int dimensions)
    {
        var vector = new float[dimensions];
        foreach (var word in text.ToLowerInvariant().Split(Between, StringSplitOptions.RemoveEmptyEntries))
        {
            vector[BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(word))) % (uint)dimensions]++;
        }

        var length = MathF.Sqrt(vector.Sum(x => x * x));
        for (var i = 0; i < vector.Length; i++)
        {
            // A text without words is not nowhere: distances to it must be numbers.
            vector[i] = length > 0 ? vector[i] / length : i == 0 ? 1 : 0;
        }

        return vector;
    }
}
