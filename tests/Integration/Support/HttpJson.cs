using System.Text.Json;

namespace AgentPlatform.Integration.Support;

/// <summary>Reads answers and says what came instead when the status is not the expected one.</summary>
public static class HttpJson
{
    public static async Task<JsonElement> Json(this HttpResponseMessage answer, int expected)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That((int)answer.StatusCode, Is.EqualTo(expected), () => $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri} answered {text}");
        if (text.Length == 0)
        {
            return default;
        }

        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>Expects a problem with this status and code.</summary>
    public static async Task<JsonElement> Problem(this HttpResponseMessage answer, int status, string code)
    {
        var problem = await answer.Json(status);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(problem.GetProperty("code").GetString(), Is.EqualTo(code), problem.ToString);
        });
        return problem;
    }
}
