using AgentPlatform.Browser.Support;
using AgentPlatform.Integration.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AgentPlatform.Browser.Journeys;

public sealed class SignUpTests : BrowserTest
{
    [Test]
    public async Task Somebody_who_comes_for_the_first_time_signs_up_and_is_shown_where_to_begin()
    {
        var visitor = await Visit();
        var screen = (await visitor.Goes("/")).Screen;

        await screen.Link("Sign up").ClickAsync();
        await screen.Field("Your name").FillAsync("Ann Archer");
        await screen.Field("E-mail").FillAsync($"ann@{Guid.CreateVersion7():n}.example");
        await screen.Field("Password").FillAsync(TestPerson.Password);
        await screen.Field("Tenant").FillAsync("Archer & Sons");
        await Expect(screen.Field("Short name of the tenant")).ToHaveValueAsync("archer-sons");
        await screen.Button("Sign up").ClickAsync();

        await Expect(screen.Heading("Home")).ToBeVisibleAsync();
        await Expect(screen.Button("Archer & Sons")).ToBeVisibleAsync();
        await screen.Link("To the gallery").ClickAsync();
        await Expect(screen.Heading("Gallery")).ToBeVisibleAsync();
    }

    [Test]
    public async Task Who_signs_out_and_in_again_is_back_where_the_link_led()
    {
        var tenant = await Site.NewTenant();
        var visitor = await Visit(tenant.Owner);
        var screen = (await visitor.Goes("/")).Screen;

        await screen.Button("Account: Olive Owner").ClickAsync();
        await screen.MenuItem("Sign out").ClickAsync();
        await Expect(screen.Heading("Sign in")).ToBeVisibleAsync();
        await visitor.Goes("/settings/members");
        await screen.Field("E-mail").FillAsync($"owner@{tenant.Slug}.example");
        await screen.Field("Password").FillAsync("something else entirely");
        visitor.Expects("401 (Unauthorized) /v1/login");
        await screen.Button("Sign in").ClickAsync();
        await Expect(screen.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The e-mail address or the password is wrong.");
        await screen.Field("Password").FillAsync(TestPerson.Password);
        await screen.Button("Sign in").ClickAsync();

        await Expect(screen.Heading("Members")).ToBeVisibleAsync();
        await Expect(visitor.Page).ToHaveURLAsync(new Uri(tenant.App.Address, "/settings/members").ToString());
    }
}
