using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

file sealed class Handler(VendorRegistry registry) : IRequestHandler<ListVendors, Result<Page<VendorView>>>
{
    public async Task<Result<Page<VendorView>>> Handle(ListVendors request, CancellationToken cancellationToken)
    {
        var known = await registry.Current(cancellationToken);
        return new Page<VendorView>(
            [.. known.Vendors.Select(vendor => new VendorView(vendor.Id, vendor.Name, vendor.Description, vendor.AuthType, vendor.Protocol, vendor.BaseUrl, known.Services[vendor.Id].Count()))], null);
    }
}
