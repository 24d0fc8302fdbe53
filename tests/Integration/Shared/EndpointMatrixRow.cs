using System.Text;
using System.Text.RegularExpressions;

namespace AgentPlatform.Integration.Shared;

/// <summary>Who may call an endpoint, and with what: one row for each method and route.</summary>
/// <param name="Needs">The permission; <see cref="Public"/> or <see cref="SignedIn"/>.</param>
/// <param name="Body">A body that is accepted; null when the endpoint reads none.</param>
/// <param name="Thing">For the parameter <c>id</c>: whose id it is.</param>
public sealed partial record EndpointMatrixRow(string Method, string Route, string Needs, string? Body = null, string Thing = "")
{
    public const string Public = "nobody";
    public const string SignedIn = "anybody";

    public string Key => $"{Method} {Route}";

    /// <summary>The parameters that name a tenant's own things; a signal's name, a node's id, a setting's key and a place in a list are only words, a vendor is everybody's.</summary>
    public IReadOnlyList<string> Parameters => [.. Parameter().Matches(Route).Select(m => m.Groups["name"].Value).Except(["name", "node_id", "key", "vendor", "index"])];

    public override string ToString() => Key;

    /// <summary>The request with each parameter's value from <paramref name="value"/>.</summary>
    public HttpRequestMessage Request(Func<string, string> value) => new(new HttpMethod(Method), Path(value))
    {
        Content = Body is null ? null : new StringContent(Body, Encoding.UTF8, "application/json"),
    };

    public string Path(Func<string, string> value) => Parameter().Replace(Route, m => value(m.Groups["name"].Value));

    /// <summary>The name under which a tenant's world keeps the parameter's value.</summary>
    public string NameOf(string parameter) => parameter switch
    {
        "id" => Thing,
        "version" or "from" or "to" => Owner + ".version",
        "agent" => Owner,
        _ => parameter,
    };

    string Owner => Route.Contains("{skill}/versions", StringComparison.Ordinal) ? "skill" : Route.StartsWith("/v1/workflows", StringComparison.Ordinal) ? "workflow" : "agent";

    [GeneratedRegex(@"\{(?<name>\w+)(:\w+)?\}")]
    private static partial Regex Parameter();
}
