using Npgsql;

namespace AgentPlatform.Architecture.Samples;

/// <summary>Each way to send a statement that is no constant, and the ways that are fine.</summary>
static class SqlSamples
{
    const string Constant = "select 1";
    const string Put = $"{Constant} where true";
    static readonly string Field = Constant.Trim();

    public static NpgsqlCommand Concatenated(string name) => new("select '" + name + "'");

    public static NpgsqlCommand Interpolated(int year) => new($"select {year}");

    public static NpgsqlCommand FromAField() => new(Field);

    public static NpgsqlCommand FromACaller(int number) => Passed(number.ToString(provider: null));

    public static async Task FromAnAsyncCaller(int number) => await PassedAsync(number.ToString(provider: null), number);

    public static NpgsqlCommand EitherOr(bool first, string second) => new(first ? second.Trim() : Constant);

    public static NpgsqlCommand Composed(bool first) => Passed(first ? Constant : Put);

    public static Task ComposedAsync() => PassedAsync(Put, 1);

    static NpgsqlCommand Passed(string sql) => new(sql);

    static async Task PassedAsync(string sql, int times)
    {
        await Task.Yield();
        await using var command = new NpgsqlCommand(sql);
        await Task.Delay(times - times);
    }
}
