using FsCheck;
using FsCheck.Fluent;

namespace AgentPlatform.Unit.Execution.Schedules;

/// <summary>Random five-field expressions, each with the values that its text stands for.</summary>
static class CronSamples
{
    static readonly string[] MonthNames = ["jan", "feb", "MAR", "Apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    static readonly string[] WeekdayNames = ["sun", "MON", "tue", "wed", "thu", "Fri", "sat"];

    public static readonly Gen<CronSample> All =
        from minute in Field(0, 59, star: 1, few: 20)
        from hour in Field(0, 23, star: 6, few: 10)
        from day in Field(1, 31, star: 10, few: 8)
        from month in Field(1, 12, star: 10, few: 5, MonthNames)
        from weekday in Weekday
        select new CronSample(minute, hour, day, month, weekday);

    /// <summary>Sunday is 0 and 7.</summary>
    static Gen<CronSampleField> Weekday =>
        from drawn in Field(0, 7, star: 10, few: 8, WeekdayNames)
        select new CronSampleField(drawn.Text, drawn.Values.Select(value => value % 7).ToHashSet());

    static Gen<CronSampleField> Field(int min, int max, int star, int few, string[]? names = null)
    {
        var any = Gen.Constant(Sample("*", min, max, 1));
        var stepped = from step in Gen.Choose(1, Math.Min(max, max - min)) select Sample($"*/{step}", min, max == 7 ? 6 : max, step);
        var listed = from items in Gen.NonEmptyListOf(Item(min, max, names)).Resize(3)
                     select new CronSampleField(string.Join(',', items.Select(item => item.Text)), items.SelectMany(item => item.Values).ToHashSet());
        return Gen.Frequency((star, any), (2, stepped), (few, listed));
    }

    static Gen<CronSampleField> Item(int min, int max, string[]? names)
    {
        var one = from value in Gen.Choose(min, max) from named in Gen.Choose(0, 2) select Sample(Name(value, named == 0 ? names : null, min), value, value, 1);
        var range = from a in Gen.Choose(min, max) from b in Gen.Choose(min, max) select Sample($"{Math.Min(a, b)}-{Math.Max(a, b)}", Math.Min(a, b), Math.Max(a, b), 1);
        var stepped = from a in Gen.Choose(min, max)
                      from b in Gen.Choose(min, max)
                      from step in Gen.Choose(1, Math.Min(6, max - min - 1))
                      select Sample($"{Math.Min(a, b)}-{Math.Max(a, b)}/{step}", Math.Min(a, b), Math.Max(a, b), step);
        return Gen.Frequency((6, one), (2, range), (2, stepped));
    }

    static string Name(int value, string[]? names, int min) => names is not null && value - min < names.Length ? names[value - min] : value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    static CronSampleField Sample(string text, int from, int to, int step)
    {
        var values = new HashSet<int>();
        for (var value = from; value <= to; value += step)
        {
            values.Add(value);
        }

        return new CronSampleField(text, values);
    }
}
