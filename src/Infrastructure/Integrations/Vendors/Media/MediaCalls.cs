using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;
using Microsoft.Extensions.AI;
using Polly.CircuitBreaker;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Media;

/// <summary>Has speech and images made: finds the service and the key, keeps to time and size, and bills whatever becomes of it.</summary>
sealed class MediaCalls(VendorRegistry registry, VendorSecrets secrets, MediaMakers makers, ModelCircuits circuits, ModelOptions options, TimeProvider time) : IMedia
{
    public async Task<MediaAnswer> Make(MediaQuestion question, CancellationToken ct)
    {
        var bill = new ModelBill(time);
        var (service, unknown) = (await registry.Current(ct)).Find(question.Model);
        if (service is null || (unknown = MediaAmount.Refusal(service, question)) is not null)
        {
            return new MediaAnswer(null, unknown, service?.Id ?? question.Model, bill.Lines);
        }

        try
        {
            var secret = await secrets.Of(service.Vendor, new VendorCaller(question.TenantId, question.Credential, question.AgentId, question.UserId), mayDiffer: false, ct);
            var maker = makers.Create(service, secret, question);
            var made = await circuits.For(question.TenantId, secret?.Id ?? Guid.Empty, service).ExecuteAsync(
                static (what, stop) => what.Self.Once(what.service, what.maker, what.question, what.bill, stop), (Self: this, service, maker, question, bill), ct);
            return new MediaAnswer(made, null, service.Id, bill.Lines, service.Vendor.IsSandbox);
        }
        catch (ModelException e)
        {
            return new MediaAnswer(null, e.Error, service.Id, bill.Lines, service.Vendor.IsSandbox);
        }
        catch (BrokenCircuitException e)
        {
            return new MediaAnswer(null, VendorErrors.CircuitOpen(service.Vendor, e.RetryAfter).Error, service.Id, bill.Lines);
        }
        catch (OperationCanceledException) when (bill.Lines.Count > 0)
        {
            throw new CallAbortedException(bill.Lines, ct);
        }
    }

    public async ValueTask<ModelQuote> Quote(MediaQuestion question, CancellationToken ct)
    {
        if ((await registry.Current(ct)).Find(question.Model).Service is not { } service)
        {
            return new ModelQuote(question.Model, 0);
        }

        var (prompt, completion, units) = MediaAmount.Of(service, question);
        return new ModelQuote(service.Id, service.Prices.At(time.GetUtcNow(), prompt)?.CostOf(prompt, completion, 0, units));
    }

    async ValueTask<MadeMedia> Once(VendorService service, IMediaMaker maker, MediaQuestion question, ModelBill bill, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(options.Total, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        var amount = MediaAmount.Of(service, question);
        try
        {
            var (bytes, said) = await maker.Make(both.Token);
            var made = Checked(service, question, bytes);
            Bill(service, bill, amount, said);
            return made;
        }
        catch (OperationCanceledException)
        {
            bill.Add(service, amount.Prompt, amount.Completion, 0, 0, isEstimated: true, amount.Units);
            throw ct.IsCancellationRequested ? new OperationCanceledException(ct) : VendorErrors.Timeout(service.Vendor, "took too long.");
        }
        catch (ModelException e) when (e.WasSent)
        {
            bill.Add(service, e.MayHaveCost ? amount.Prompt : 0, e.MayHaveCost ? amount.Completion : 0, 0, 0, e.MayHaveCost, e.MayHaveCost ? amount.Units : 0);
            throw;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            bill.Add(service, amount.Prompt, amount.Completion, 0, 0, isEstimated: true, amount.Units);
            throw VendorErrors.Invalid(service.Vendor, "it does not follow the vendor's protocol.", e);
        }
    }

    static void Bill(VendorService service, ModelBill bill, MediaAmount amount, UsageDetails? said)
    {
        if (said is { InputTokenCount: >= 0 and <= ModelBill.MaxTokens, OutputTokenCount: >= 0 and <= ModelBill.MaxTokens })
        {
            bill.Add(service, said.InputTokenCount.Value, said.OutputTokenCount.Value, 0, 0, isEstimated: false, amount.Units);
        }
        else
        {
            bill.Add(service, amount.Prompt, amount.Completion, 0, 0, isEstimated: amount.Completion > 0, amount.Units);
        }
    }

    static MadeMedia Checked(VendorService service, MediaQuestion question, byte[] bytes) =>
        question is SpeechQuestion
            ? new MadeMedia(bytes, MediaKinds.OfSound(bytes) ?? throw VendorErrors.Invalid(service.Vendor, "it is no sound."))
            : new MadeMedia(bytes, MediaKinds.OfImage(bytes) ?? throw VendorErrors.Invalid(service.Vendor, "it is no image."));
}
