using Microsoft.Playwright;

namespace AgentPlatform.Browser.Support;

/// <summary>The size and the colours that somebody has before them.</summary>
public sealed record Look(string Name, int Width, int Height, ColorScheme Colours)
{
    public static readonly Look LightDesktop = new("desktop-light", 1280, 800, ColorScheme.Light);
    public static readonly Look DarkDesktop = new("desktop-dark", 1280, 800, ColorScheme.Dark);
    public static readonly Look LightPhone = new("phone-light", 390, 844, ColorScheme.Light);
    public static readonly Look DarkPhone = new("phone-dark", 390, 844, ColorScheme.Dark);

    public bool IsPhone => Width < 600;

    public override string ToString() => Name;

    /// <summary>The same size.</summary>
    public Look InOtherColours() => new[] { LightDesktop, DarkDesktop, LightPhone, DarkPhone }.Single(other => other.Width == Width && other.Colours != Colours);
}
