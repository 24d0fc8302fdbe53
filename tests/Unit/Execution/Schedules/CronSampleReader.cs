using System.Globalization;

namespace AgentPlatform.Unit.Execution.Schedules;

/// <summary>Reads plain expressions (numbers, lists, ranges, steps) for the oracle, in the most simple-minded way.</summary>
static class CronSampleReader
{
    public static CronSample Read(string text)
    {
        var fields = text.Split(' ');
        return new(Field(fields[0], 0, 59), Field(fields[1], 0, 23), Field(fields[2], 1, 31), Field(fields[3], 1, 12), Field(fields[4], 0, 7));
    }

    static CronSampleField Field(string text, int min, int max)
    {
        var values = new HashSet<int>();
        foreach (var item in text.Split(','))
        {
            var parts = item.Split('/');
            var ends = parts[0] == "*" ? [min, max == 7 ? 6 : max] : parts[0].Split('-').Select(Number).ToArray();
            for (var value = ends[0]; value <= ends[^1]; value += parts.Length > 1 ? Number(parts[1]) : 1)
            {
                values.Add(max == 7 ? value % 7 : value);
            }
        }

        return new(text, values);
    }

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
