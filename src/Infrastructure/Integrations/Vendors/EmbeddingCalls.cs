using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Integrations.Vendors.Http;
using AgentPlatform.Infrastructure.Integrations.Vendors.OpenAi;
using AgentPlatform.Infrastructure.Integrations.Vendors.Sandbox;
using Microsoft.Extensions.AI;
using Polly.CircuitBreaker;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

/// <summary>Asks for embeddings, in batches that the vendor takes.</summary>
sealed class EmbeddingCalls(VendorRegistry registry, VendorSecrets secrets, VendorHttp http, ModelCircuits circuits, ModelOptions options, TimeProvider time) : IEmbeddings
{
    const int MaxTexts = 10_000;
    const int Batch = 256;

    public async Task<EmbeddingAnswer> Embed(EmbeddingQuestion question, CancellationToken ct)
    {
        var bill = new ModelBill(time);
        var (service, unknown) = (await registry.Current(ct)).Find(question.Model);
        if (service is null)
        {
            return new EmbeddingAnswer(null, unknown, bill.Lines);
        }

        if (question.Texts.Count > MaxTexts)
        {
            return new EmbeddingAnswer(null, new SkillError("too_many_texts", $"At most {MaxTexts} texts are embedded at once.", SkillErrorClass.Limit, Retryable: false), bill.Lines);
        }

        try
        {
            var secret = await secrets.Of(service.Vendor, new VendorCaller(question.TenantId, question.Credential, question.AgentId, question.UserId), mayDiffer: false, ct);
            using var generator = Create(service, secret);
            var pipeline = circuits.For(question.TenantId, secret?.Id ?? Guid.Empty, service);
            var vectors = new List<Embedding<float>>(question.Texts.Count);
            foreach (var texts in question.Texts.Chunk(Batch))
            {
                vectors.AddRange(await pipeline.ExecuteAsync(
                    static (what, stop) => what.Self.Once(what.service, what.generator, what.texts, what.Dimensions, what.bill, stop),
                    (Self: this, service, generator, texts, question.Dimensions, bill), ct));
            }

            return new EmbeddingAnswer(vectors, null, bill.Lines, service.Vendor.IsSandbox);
        }
        catch (ModelException e)
        {
            return new EmbeddingAnswer(null, e.Error, bill.Lines, service.Vendor.IsSandbox);
        }
        catch (BrokenCircuitException e)
        {
            return new EmbeddingAnswer(null, VendorErrors.CircuitOpen(service.Vendor, e.RetryAfter).Error, bill.Lines);
        }
        catch (OperationCanceledException) when (bill.Lines.Count > 0)
        {
            throw new CallAbortedException(bill.Lines, ct);
        }
    }

    IEmbeddingGenerator<string, Embedding<float>> Create(VendorService service, Secret? secret) => (service.Modality, service.Vendor.Protocol) switch
    {
        ("embedding", Protocols.Sandbox) => new SandboxEmbeddings(service),
        ("embedding", Protocols.OpenAi or Protocols.AzureOpenAi) => new OpenAiEmbeddings(http, VendorEndpoint.Of(service.Vendor, secret, http.Policy), service),
        _ => throw new ModelException(new SkillError("model_modality", $"{service.Id} makes no embeddings.", SkillErrorClass.InvalidInput, Retryable: false)) { WasSent = false },
    };

    async ValueTask<IReadOnlyList<Embedding<float>>> Once(
        VendorService service, IEmbeddingGenerator<string, Embedding<float>> generator, string[] texts, int? dimensions, ModelBill bill, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(options.Total, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        var counted = texts.Sum(text => (long)Tokens.Count(text));
        try
        {
            var made = await generator.GenerateAsync(texts, new EmbeddingGenerationOptions { Dimensions = dimensions }, both.Token);
            var said = made.Usage?.InputTokenCount is >= 0 and < ModelBill.MaxTokens ? made.Usage.InputTokenCount : null;
            bill.Add(service, said ?? counted, 0, 0, 0, isEstimated: said is null);
            return made;
        }
        catch (OperationCanceledException)
        {
            bill.Add(service, counted, 0, 0, 0, isEstimated: true);
            throw ct.IsCancellationRequested ? new OperationCanceledException(ct) : VendorErrors.Timeout(service.Vendor, "took too long.");
        }
        catch (ModelException e) when (e.WasSent)
        {
            bill.Add(service, e.MayHaveCost ? counted : 0, 0, 0, 0, e.MayHaveCost);
            throw;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            bill.Add(service, counted, 0, 0, 0, isEstimated: true);
            throw VendorErrors.Invalid(service.Vendor, "it does not follow the vendor's protocol.", e);
        }
    }
}
