using AgentPlatform.Api.Http;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Shared;
using MediatR;

namespace AgentPlatform.Api;

/// <summary>Vendors of models, what they offer and what it costs. They are the platform's: an operator changes them, with the verb <c>vendors apply</c>.</summary>
static class VendorsEndpoints
{
    public static void MapVendors(this IEndpointRouteBuilder app)
    {
        var vendors = app.MapGroup("/v1/vendors").WithTags("Vendors").ProducesProblem(401).ProducesProblem(403);
        vendors.MapGet("", async (IMediator mediator, CancellationToken ct) => (await mediator.Send(new ListVendors(), ct)).ToOk())
            .WithName("ListVendors").WithSummary("The vendors whose models agents can use.").Produces<Page<VendorView>>();
        vendors.MapGet("/{vendor}/services", async (string vendor, string? modality, IMediator mediator, CancellationToken ct) => (await mediator.Send(new ListVendorServices(vendor, modality), ct)).ToOk())
            .WithName("ListVendorServices").WithSummary("What a vendor offers, with context window, capabilities and the prices in force.").Produces<Page<VendorServiceView>>().ProducesProblem(404);
    }
}
