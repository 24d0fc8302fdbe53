using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

file sealed class Handler(VendorRegistry registry, TimeProvider time) : IRequestHandler<ListVendorServices, Result<Page<VendorServiceView>>>
{
    public async Task<Result<Page<VendorServiceView>>> Handle(ListVendorServices request, CancellationToken cancellationToken)
    {
        var known = await registry.Current(cancellationToken);
        if (known.Vendors.All(vendor => vendor.Id != request.Vendor))
        {
            return Error.NotFound("vendor");
        }

        return new Page<VendorServiceView>([.. known.Services[request.Vendor].Where(service => request.Modality is null || service.Modality == request.Modality).Select(View)], null);
    }

    VendorServiceView View(VendorService service) => new(
        service.Id, service.Vendor.Id, service.ServiceName, service.DisplayName, service.Description, service.Modality, service.ContextWindow, service.MaxOutput, service.Capabilities,
        [.. service.Prices.InForce(time.GetUtcNow()).Select(dated => new VendorPriceView(
            dated.ValidFrom, dated.FromPromptTokens, dated.Price.Currency, dated.Price.Input, dated.Price.Output, dated.Price.CachedInput, dated.Price.Unit))]);
}
