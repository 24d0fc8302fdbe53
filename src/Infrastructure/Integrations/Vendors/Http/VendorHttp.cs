using System.Net.Http.Headers;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Shared.Egress;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Http;

/// <summary>
/// Sends a question to a vendor: through the egress guard, in time, and with every way in which that can fail turned into a
/// <see cref="ModelException"/>. The caller's token aborts the connection, which is what stops a vendor from going on at somebody's expense.
/// </summary>
sealed class VendorHttp(GuardedHttp guard, ModelOptions options, TimeProvider time)
{
    const int MaxErrorBytes = 64 * 1024;

    readonly HttpClient client = guard.CreateClient();

    public EgressPolicy Policy => guard.Policy;

    public TimeProvider Time => time;

    /// <summary>An answer whose body is yet to be read; every error status is thrown.</summary>
    /// <param name="isStream">An answer that is made piece by piece has to begin soon.</param>
    public async Task<VendorResponse> Send(VendorEndpoint endpoint, HttpRequestMessage request, bool isStream, CancellationToken ct)
    {
        endpoint.Authenticate(request);
        var response = await Begin(endpoint.Vendor, request, isStream, ct);
        try
        {
            var body = new WatchedStream(await response.Content.ReadAsStreamAsync(ct), endpoint.Vendor, ModelOptions.MaxAnswerBytes, options.BetweenChunks, time, ct);
            return response.IsSuccessStatusCode
                ? new VendorResponse(endpoint.Vendor, response, body)
                : throw VendorProblem.Read(endpoint, response.StatusCode, await Excerpt(body), RetryAfter(response.Headers.RetryAfter));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    async Task<HttpResponseMessage> Begin(Vendor vendor, HttpRequestMessage request, bool isStream, CancellationToken ct)
    {
        using var first = new CancellationTokenSource(isStream ? options.FirstByte : options.Total, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, first.Token);
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
        }
        catch (OperationCanceledException) when (first.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw VendorErrors.Timeout(vendor, "did not begin to answer in time.");
        }
        catch (EgressRefusedException e)
        {
            throw new ModelException(new SkillError(e.Code, e.Message, SkillErrorClass.Egress, Retryable: false), e) { WasSent = false };
        }
        catch (HttpRequestException e)
        {
            throw e.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => VendorErrors.Unreachable(vendor, "its name could not be resolved.", e),
                HttpRequestError.SecureConnectionError => VendorErrors.Unreachable(vendor, "no secure connection came about.", e),
                HttpRequestError.ConnectionError => VendorErrors.Unreachable(vendor, "no connection came about.", e),
                HttpRequestError.ResponseEnded => VendorErrors.CutOff(vendor, e),
                _ => VendorErrors.Unreachable(vendor, "the connection failed.", e, mayHaveCost: true),
            };
        }
    }

    static async Task<byte[]> Excerpt(WatchedStream body)
    {
        var bytes = new byte[MaxErrorBytes];
        try
        {
            return bytes[..await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, CancellationToken.None)];
        }
        catch (ModelException)
        {
            // The status says enough; what came with it is for the reader only.
            return [];
        }
    }

    /// <summary>Clamped to an hour: beyond it, a policy knows better than a peer that may be wrong or hostile.</summary>
    TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var wish = header?.Delta ?? header?.Date - time.GetUtcNow();
        return wish is not { } wait ? null : wait < TimeSpan.Zero ? TimeSpan.Zero : wait > VendorErrors.MaxRetryAfter ? VendorErrors.MaxRetryAfter : wait;
    }
}
