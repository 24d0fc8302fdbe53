using Microsoft.Playwright;

namespace AgentPlatform.Browser.Support;

/// <summary>Finds things as a person or a screen reader does: by what they are and what they are called.</summary>
static class Finding
{
    public static ILocator Button(this ILocator within, string name) => within.Named(AriaRole.Button, name);

    public static ILocator Link(this ILocator within, string name) => within.Named(AriaRole.Link, name);

    public static ILocator Tab(this ILocator within, string name) => within.Named(AriaRole.Tab, name);

    public static ILocator Dialog(this ILocator within, string name) => within.Named(AriaRole.Dialog, name);

    public static ILocator Region(this ILocator within, string name) => within.Named(AriaRole.Region, name);

    public static ILocator Heading(this ILocator within, string name) => within.Named(AriaRole.Heading, name);

    public static ILocator Choice(this ILocator within, string name) => within.Named(AriaRole.Option, name);

    public static ILocator MenuItem(this ILocator within, string name) => within.Named(AriaRole.Menuitem, name);

    /// <summary>What one types or chooses in, by its label; required ones have a star behind it.</summary>
    public static ILocator Field(this ILocator within, string label) => within.Labelled(label).Or(within.Labelled($"{label} *"));

    /// <summary>
    /// Writes over what stands there as a person does, by keys. <c>FillAsync</c> selects behind the back of an editor of code; where that has not seen it yet when the text comes, the
    /// browser rebuilds the lines itself, with styles that the page does not allow.
    /// </summary>
    public static async Task Rewrite(this ILocator field, string text)
    {
        await field.ClickAsync();
        await field.PressAsync("Control+a");
        await field.Page.Keyboard.InsertTextAsync(text);
    }

    static ILocator Labelled(this ILocator within, string label) => within.GetByLabel(label, new LocatorGetByLabelOptions { Exact = true });

    static ILocator Named(this ILocator within, AriaRole role, string name) => within.GetByRole(role, new LocatorGetByRoleOptions { Name = name, Exact = true });
}
