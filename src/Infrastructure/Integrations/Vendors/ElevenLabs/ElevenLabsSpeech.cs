using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Integrations.Vendors.Http;
using AgentPlatform.Infrastructure.Integrations.Vendors.Media;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.ElevenLabs;

/// <summary>Speech as ElevenLabs makes it: JSON goes there, sound comes back.</summary>
sealed partial class ElevenLabsSpeech(VendorHttp http, VendorEndpoint endpoint, VendorService service, SpeechQuestion question) : IMediaMaker
{
    public async Task<(byte[] Bytes, UsageDetails? Said)> Make(CancellationToken ct)
    {
        using var request = JsonBody.Post(endpoint.At($"/v1/text-to-speech/{Voice()}?output_format={Format()}"), Write);
        using var response = await http.Send(endpoint, request, isStream: false, ct);
        return (await response.Bytes(IMedia.MaxBytes, ct), null);
    }

    void Write(Utf8JsonWriter json)
    {
        json.WriteString("text", question.Text);
        json.WriteString("model_id", service.ServiceName);
        if (question.Language is { } language)
        {
            json.WriteString("language_code", language);
        }

        if (question.Seed is { } seed)
        {
            json.WriteNumber("seed", seed);
        }

        if (question.Speed is { } speed)
        {
            json.WriteStartObject("voice_settings");
            json.WriteNumber("speed", speed);
            json.WriteEndObject();
        }
    }

    string Voice() => (question.Voice ?? endpoint.Vendor.Setting("default_voice")) switch
    {
        null => throw Refused($"{endpoint.Vendor.Name} has no voice of its own here: name one."),
        var voice when VoiceId().IsMatch(voice) => voice,
        _ => throw Refused("A voice is named by the id that the vendor gave it: 1 to 64 letters, digits, hyphens and underscores."),
    };

    string Format()
    {
        var rate = question.BitRate.ToString(CultureInfo.InvariantCulture);
        return question.Format switch
        {
            "mp3" => $"mp3_44100_{rate}",
            "opus" => $"opus_48000_{rate}",
            "wav" => "wav_22050",
            _ => throw Refused("Speech comes as mp3, opus or wav."),
        };
    }

    static ModelException Refused(string why) => new(new SkillError("invalid_with", why, SkillErrorClass.InvalidInput, Retryable: false)) { WasSent = false };

    // It becomes a part of the address.
    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex VoiceId();
}
