using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentPlatform.Application.Shared;

/// <summary>
/// A member of a PATCH body: absent means "leave it", null means "clear it". A plain nullable cannot tell the two apart,
/// and would quietly ignore one of them.
/// </summary>
[JsonConverter(typeof(OptionalJson))]
public readonly record struct Optional<T>(T? Value)
{
    public bool IsSet { get; } = true;

    public T? Or(T? unchanged) => IsSet ? Value : unchanged;

    public static implicit operator Optional<T>(T? value) => new(value);
}

sealed class OptionalJson : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Optional<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    sealed class Of<T> : JsonConverter<Optional<T>>
    {
        public override bool HandleNull => true;

        public override Optional<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(JsonSerializer.Deserialize<T>(ref reader, options));

        public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, options);
    }
}
