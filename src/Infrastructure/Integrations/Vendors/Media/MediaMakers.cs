using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Integrations.Vendors.ElevenLabs;
using AgentPlatform.Infrastructure.Integrations.Vendors.Http;
using AgentPlatform.Infrastructure.Integrations.Vendors.OpenAi;
using AgentPlatform.Infrastructure.Integrations.Vendors.Sandbox;
using AgentPlatform.Infrastructure.Integrations.Vendors.Stability;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Media;

/// <summary>Finds who speaks a vendor's protocol for what is wanted.</summary>
sealed class MediaMakers(VendorHttp http)
{
    /// <param name="secret">Null only for a vendor that needs none.</param>
    public IMediaMaker Create(VendorService service, Secret? secret, MediaQuestion question) => (question, service.Modality, service.Vendor.Protocol) switch
    {
        (SpeechQuestion speech, "speech", Protocols.Sandbox) => new SandboxSpeech(speech),
        (SpeechQuestion speech, "speech", Protocols.ElevenLabs) => new ElevenLabsSpeech(http, Endpoint(service, secret), service, speech),
        (ImageQuestion image, "image", Protocols.Sandbox) => new SandboxImages(image),
        (ImageQuestion image, "image", Protocols.Stability) => new StabilityImages(http, Endpoint(service, secret), service, image),
        (ImageQuestion image, "image", Protocols.OpenAi or Protocols.AzureOpenAi) => new OpenAiImages(http, Endpoint(service, secret), service, image),
        _ => throw new ModelException(new SkillError(
            "model_modality", $"{service.Id} makes no {(question is SpeechQuestion ? "speech" : "images")}.", SkillErrorClass.InvalidInput, Retryable: false))
        { WasSent = false },
    };

    VendorEndpoint Endpoint(VendorService service, Secret? secret) => VendorEndpoint.Of(service.Vendor, secret, http.Policy);
}
