using System.Net.Mime;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace AgentPlatform.Api.Http;

/// <summary>
/// The web app's files (<c>Web__Root</c>, by default <c>web</c> beside the program), from the same origin as the API, so that the session's cookie
/// is enough. Every address that the API has no route at the beginning of is the web app's: it knows its own routes. Without the files there is
/// only the API.
/// </summary>
static class WebApp
{
    const string Assets = "/assets";

    /// <summary>What the build writes where the nonce of one answer goes.</summary>
    const string NoncePlaceholder = "__CSP_NONCE__";

    public static void UseWebApp(this WebApplication app)
    {
        var root = Path.GetFullPath(app.Configuration["Web:Root"] ?? Path.Combine(AppContext.BaseDirectory, "web"));
        var page = Path.Combine(root, "index.html");
        if (!File.Exists(page))
        {
            return;
        }

        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".br"] = MediaTypeNames.Application.Octet;
        var files = new PhysicalFileProvider(root);
        var api = new Lazy<HashSet<string>>(() => FirstSegments(app));
        app.UseWhen(http => IsForPage(http, api.Value), web =>
        {
            web.Use((http, next) =>
            {
                ChooseFile(http, files);
                return next(http);
            });
            web.UseStaticFiles(new StaticFileOptions { FileProvider = files, ContentTypeProvider = types, OnPrepareResponse = sent => Describe(sent.Context.Response, sent.File.Name, types) });
            web.Use((http, next) => http.Request.Path.StartsWithSegments(Assets, StringComparison.Ordinal) || !WantsPage(http) ? next(http) : SendPage(http, page));
        });
    }

    /// <summary>Only what routing has nothing for: a wrong method at an address of the API stays the API's answer.</summary>
    static bool IsForPage(HttpContext http, HashSet<string> api) =>
        http.GetEndpoint() is null && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) && !api.Contains(FirstSegment(http.Request.Path.Value));

    /// <summary>A browser that goes somewhere says so; a program that asks for an address that is not there gets its 404.</summary>
    internal static bool WantsPage(HttpContext http) => http.Request.Path == "/" || http.Request.Headers.Accept.ToString().Contains(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase);

    static HashSet<string> FirstSegments(IEndpointRouteBuilder app) => app.DataSources
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Select(endpoint => FirstSegment("/" + endpoint.RoutePattern.RawText!.TrimStart('/')))
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    static string FirstSegment(string? path) => path?.Split('/', 3) is [_, var first, ..] ? first : "";

    static void ChooseFile(HttpContext http, PhysicalFileProvider files)
    {
        var request = http.Request;
        if (request.Path == "/index.html")
        {
            // As a file it would come without its nonce.
            request.Path = "/";
        }
        else if (request.Path.StartsWithSegments(Assets, StringComparison.Ordinal) && request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal)
            && files.GetFileInfo($"{request.Path}.br").Exists)
        {
            request.Path += ".br";
        }
    }

    static void Describe(HttpResponse response, string file, FileExtensionContentTypeProvider types)
    {
        var isAsset = response.HttpContext.Request.Path.StartsWithSegments(Assets, StringComparison.Ordinal);
        // A file among the assets carries the hash of its content in its name.
        response.Headers.CacheControl = isAsset ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.Vary = "Accept-Encoding";
        if (file.EndsWith(".br", StringComparison.Ordinal))
        {
            response.Headers.ContentEncoding = "br";
            response.ContentType = types.TryGetContentType(file[..^".br".Length], out var type) ? type : MediaTypeNames.Application.Octet;
        }
    }

    static async Task SendPage(HttpContext http, string page)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var headers = http.Response.Headers;
        // The page's own components make style elements, which carry the nonce; nothing else may style or run here, and no other site may frame it.
        headers.ContentSecurityPolicy = $"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
            + "worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
        headers.CacheControl = "no-store";
        http.Response.ContentType = "text/html; charset=utf-8";
        // Read each time: a few hundred bytes, and a new build is there at once.
        var html = await File.ReadAllTextAsync(page, http.RequestAborted);
        await http.Response.WriteAsync(html.Replace(NoncePlaceholder, nonce, StringComparison.Ordinal), http.RequestAborted);
    }
}
