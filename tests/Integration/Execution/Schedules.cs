using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>What the tests of schedules do again and again.</summary>
static class Schedules
{
    /// <summary>Makes a trigger of kind schedule.</summary>
    public static async Task<JsonElement> Schedule(this HttpClient http, string agent, string cron, string more = "")
    {
        using var answer = await http.PostAsync($"/v1/agents/{agent}/triggers", Runs.Json($$"""{ "name": "S", "kind": "schedule", "cron": "{{cron}}"{{more}} }"""));
        return await answer.Json(expected: 201);
    }

    public static Guid Id(this JsonElement thing) => thing.GetProperty("id").GetGuid();

    public static async Task<JsonElement> Trigger(this HttpClient http, Guid id) => await http.GetFromJsonAsync<JsonElement>($"/v1/triggers/{id}");

    /// <summary>The trigger's runs as the times for which they were started, in that order.</summary>
    public static async Task<List<DateTimeOffset>> Fires(string database, Guid trigger) =>
        [.. (await Sql.Column(database, $"select input ->> 'scheduled_at' from execution.runs where trigger_id = '{trigger}' order by 1")).Select(text => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
}
