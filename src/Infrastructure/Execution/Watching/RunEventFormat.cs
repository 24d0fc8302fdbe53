using System.Text.Json.Serialization;

namespace AgentPlatform.Infrastructure.Execution.Watching;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventData))]
sealed partial class RunEventFormat : JsonSerializerContext;
