using System.Globalization;
using System.Net;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

/// <summary>The ways in which a vendor fails, each with its code, its class, and what helps against it.</summary>
static class VendorErrors
{
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    /// <summary>An error status.</summary>
    /// <param name="said">What the vendor says about it, cut to a readable length; "" when nothing.</param>
    public static ModelException Status(Vendor vendor, HttpStatusCode status, string said, TimeSpan? retryAfter)
    {
        var number = (int)status;
        var why = said.Length > 0 ? $": {said}" : ".";
        var answered = $"{vendor.Name} answered with status {number.ToString(CultureInfo.InvariantCulture)}{why}";
        return number switch
        {
            401 or 403 => new(new SkillError("vendor_refused_credential", answered, SkillErrorClass.Credential, Retryable: false)) { MayFallBack = true },
            402 => new(new SkillError("vendor_quota_exhausted", answered, SkillErrorClass.TooManyRequests, Retryable: false)) { MayFallBack = true },
            404 or 410 => new(new SkillError("model_unavailable", answered, SkillErrorClass.ClientStatus, Retryable: false)) { MayFallBack = true },
            408 or 409 or 425 => new(new SkillError("vendor_unavailable", answered, SkillErrorClass.ServerStatus, Retryable: true, retryAfter)) { MayFallBack = true },
            413 => ContextTooLong(vendor, answered),
            429 => new(new SkillError("vendor_rate_limited", answered, SkillErrorClass.TooManyRequests, Retryable: true, retryAfter)) { MayFallBack = true },
            >= 500 => new(new SkillError("vendor_unavailable", answered, SkillErrorClass.ServerStatus, Retryable: true, retryAfter)) { MayFallBack = true, IsOutage = true },
            _ => new(new SkillError("vendor_refused", answered, SkillErrorClass.ClientStatus, Retryable: false)),
        };
    }

    public static ModelException QuotaExhausted(Vendor vendor, string said) =>
        new(new SkillError("vendor_quota_exhausted", $"{vendor.Name}: {said}", SkillErrorClass.TooManyRequests, Retryable: false)) { MayFallBack = true };

    public static ModelException ContentFiltered(Vendor vendor, string said) =>
        new(new SkillError("content_filtered", $"{vendor.Name} refused the content: {said}", SkillErrorClass.ClientStatus, Retryable: false)) { MayFallBack = true };

    public static ModelException ContextTooLong(Vendor vendor, string said) =>
        new(new SkillError("context_length_exceeded", $"{vendor.Name}: {said}", SkillErrorClass.InvalidInput, Retryable: false)) { MayFallBack = true };

    public static ModelException Timeout(Vendor vendor, string what) =>
        new(new SkillError("vendor_timeout", $"{vendor.Name} {what}", SkillErrorClass.Timeout, Retryable: true)) { MayFallBack = true, IsOutage = true, MayHaveCost = true };

    public static ModelException Unreachable(Vendor vendor, string why, Exception? inner = null, bool mayHaveCost = false) =>
        new(new SkillError("vendor_unreachable", $"{vendor.Name} could not be reached: {why}", SkillErrorClass.Network, Retryable: true), inner)
        {
            MayFallBack = true,
            IsOutage = true,
            WasSent = mayHaveCost,
            MayHaveCost = mayHaveCost,
        };

    /// <summary>The answer broke off.</summary>
    public static ModelException CutOff(Vendor vendor, Exception? inner = null) =>
        new(new SkillError("vendor_answer_cut", $"The answer of {vendor.Name} broke off.", SkillErrorClass.Network, Retryable: true), inner)
        {
            MayFallBack = true,
            IsOutage = true,
            MayHaveCost = true,
        };

    /// <summary>An answer that is none.</summary>
    public static ModelException Invalid(Vendor vendor, string why, Exception? inner = null) =>
        new(new SkillError("vendor_answer_invalid", $"{vendor.Name} answered what cannot be read: {why}", SkillErrorClass.InvalidResponse, Retryable: true), inner)
        {
            MayFallBack = true,
            MayHaveCost = true,
        };

    public static ModelException TooLarge(Vendor vendor, int limit) =>
        new(new SkillError("vendor_answer_too_large", $"The answer of {vendor.Name} is larger than {limit.ToString(CultureInfo.InvariantCulture)} bytes.", SkillErrorClass.Limit, Retryable: false))
        {
            MayHaveCost = true,
        };

    public static ModelException CircuitOpen(Vendor vendor, TimeSpan? retryAfter) =>
        new(new SkillError(
            "vendor_circuit_open", $"{vendor.Name} failed too often just now; nothing is sent to it for a while.", SkillErrorClass.ServerStatus, Retryable: true, retryAfter))
        {
            MayFallBack = true,
            WasSent = false,
        };
}
