using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Infrastructure.Integrations.Vendors.Media;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Sandbox;

/// <summary>Images without any model: a pattern of squares that the prompt and the seed decide, in the shape that was asked for. The same prompt always looks the same, to the byte.</summary>
sealed class SandboxImages(ImageQuestion question) : IMediaMaker
{
    const int Shorter = 8;
    const int PixelsPerCell = 8;
    const int Colours = 8;

    public Task<(byte[] Bytes, UsageDetails? Said)> Make(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var (columns, rows) = Shape();
        var digest = SHA512.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{question.Prompt}\0{question.NegativePrompt}\0{question.Style}\0{question.Seed}")));
        var pixels = new byte[columns * PixelsPerCell * rows * PixelsPerCell];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (row, column) = Math.DivRem(i, columns * PixelsPerCell);
            var cell = column / PixelsPerCell;
            // Left and right are alike: people see something in it.
            var place = (row / PixelsPerCell * ((columns + 1) / 2)) + Math.Min(cell, columns - 1 - cell);
            pixels[i] = (byte)((digest[place % digest.Length] + (place / digest.Length)) % Colours);
        }

        return Task.FromResult<(byte[], UsageDetails?)>((Png.Write(pixels, columns * PixelsPerCell, digest.AsSpan(0, Colours * 3)), null));
    }

    (int Columns, int Rows) Shape()
    {
        if (question.AspectRatio.Split(':') is not [var wide, var high] || !int.TryParse(wide, out var x) || !int.TryParse(high, out var y) || x is < 1 or > 64 || y is < 1 or > 64)
        {
            return (Shorter, Shorter);
        }

        var times = Math.Max(1, Shorter / Math.Min(x, y));
        return (x * times, y * times);
    }
}
