using System.Text.Json;

namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>Text out of JSON elements. An escaped lone surrogate (<c>"\ud800"</c>) is valid JSON that no .NET string API reads: the
/// reader throws InvalidOperationException, which here becomes the data's error instead of the program's.</summary>
static class JsonText
{
    public static string Read(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException broken) when (broken is not ObjectDisposedException)
        {
            throw NotUnicode(broken);
        }
    }

    public static string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException broken) when (broken is not ObjectDisposedException)
        {
            throw NotUnicode(broken);
        }
    }

    public static bool Find(JsonElement element, string name, out JsonElement found)
    {
        try
        {
            return element.TryGetProperty(name, out found);
        }
        catch (InvalidOperationException broken) when (broken is not ObjectDisposedException)
        {
            throw NotUnicode(broken);
        }
    }

    public static bool Find(JsonElement element, ReadOnlySpan<byte> name, out JsonElement found)
    {
        try
        {
            return element.TryGetProperty(name, out found);
        }
        catch (InvalidOperationException broken) when (broken is not ObjectDisposedException)
        {
            throw NotUnicode(broken);
        }
    }

    public static bool Equals(JsonElement element, string text)
    {
        try
        {
            return element.ValueEquals(text);
        }
        catch (InvalidOperationException broken) when (broken is not ObjectDisposedException)
        {
            throw NotUnicode(broken);
        }
    }

    public static void Write(JsonElement element, Utf8JsonWriter writer)
    {
        try
        {
            element.WriteTo(writer);
        }
        catch (Exception broken) when (broken is InvalidOperationException and not ObjectDisposedException or ArgumentException)
        {
            throw NotUnicode(broken);
        }
    }

    static ExpressionException NotUnicode(Exception inner) =>
        new(new ExpressionError(ExpressionErrorCode.InvalidValue, "A string in the data is not valid Unicode (a surrogate stands alone).", -1), inner);
}
