using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Shared.Expressions;
using FsCheck;
using FsCheck.Fluent;

namespace AgentPlatform.Unit.Shared.Expressions;

public sealed class ExpressionPropertyTests
{
    static readonly Gen<string> Texts = Gen.Elements("a", "b", "Z", "é", "\uFFFD", "\U0001D11E", "\"", "\\", " ", "0").ListOf().Select(string.Concat);

    static readonly Gen<Datum> Leaves = Gen.OneOf(
        Gen.Constant(Datum.Null),
        Gen.Elements(Datum.True, Datum.False),
        ArbMap.Default.GeneratorFor<int>().Select(i => Datum.From((long)i)),
        ArbMap.Default.GeneratorFor<NormalFloat>().Select(f => Datum.From(f.Get)),
        ArbMap.Default.GeneratorFor<long>().Select(Datum.From),
        Texts.Select(Datum.From));

    static readonly Arbitrary<Datum> Values = Gen.Sized(size => ValueOf(Math.Min(size, 24))).ToArbitrary();

    static Gen<Datum> ValueOf(int size) => size < 2 ? Leaves : Gen.OneOf(
        Leaves,
        ValueOf(size / 3).ListOf().Select(items => Datum.FromArray(items)),
        Texts.Zip(ValueOf(size / 3)).ListOf().Select(pairs => Datum.FromObject(pairs.DistinctBy(p => p.Item1).ToDictionary(p => p.Item1, p => p.Item2))));

    [Test]
    public void The_current_value_is_the_value() => Prop.ForAll(Values, v => Run("@", v) == v && Run("$", v) == v).QuickCheckThrowOnFailure();

    [Test]
    public void What_is_written_reads_back_the_same() => Prop.ForAll(Values, v =>
    {
        var read = Datum.From(v.ToJsonElement());
        return read == v && read.ToJson() == v.ToJson();
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Computed_and_parsed_values_answer_alike() => Prop.ForAll(Values, v =>
    {
        var parsed = Datum.From(v.ToJsonElement());
        return new[] { "type(@)", "to_string(@)", "[0]", "[1:]", "[]", "*", "!@", "to_array(@)", "a", "@ == `[]`" }.All(e => Run(e, v) == Run(e, parsed));
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Equality_is_symmetric_and_sees_a_difference() => Prop.ForAll(Values, Values, (a, b) =>
        (a == b) == (b == a) && (a == b) == (Canonical(a.ToJsonElement()) == Canonical(b.ToJsonElement()))).QuickCheckThrowOnFailure();

    [Test]
    public void Reversing_twice_changes_nothing_and_once_agrees_with_runes() => Prop.ForAll(Texts.ToArbitrary(), text =>
    {
        var once = Run("reverse(@)", Datum.From(text));
        return once.GetString() == string.Concat(text.EnumerateRunes().Reverse()) && Run("reverse(@)", once).GetString() == text
            && Run("length(@)", once).GetDouble() == text.EnumerateRunes().Count();
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Sorting_agrees_with_LINQ() => Prop.ForAll(ArbMap.Default.GeneratorFor<int>().ListOf().ToArbitrary(), numbers =>
        Run("sort(@)", Datum.FromArray([.. numbers.Select(n => Datum.From((long)n))])).EnumerateItems().Select(d => (int)d.GetDouble())
            .SequenceEqual(numbers.Order())).QuickCheckThrowOnFailure();

    [Test]
    public void Sorting_text_goes_by_code_points() => Prop.ForAll(Texts.ListOf().ToArbitrary(), texts =>
        Run("sort(@)", Datum.FromArray([.. texts.Select(t => Datum.From(t))])).EnumerateItems().Select(d => d.GetString())
            .SequenceEqual(texts.OrderBy(t => Encoding.UTF32.GetBytes(t), Comparer<byte[]>.Create(CompareUtf32)))).QuickCheckThrowOnFailure();

    [Test]
    public void Sorting_by_a_key_is_stable() => Prop.ForAll(Gen.Choose(0, 3).ListOf().ToArbitrary(), keys =>
    {
        Datum[] items = [.. keys.Select((k, i) => Datum.FromArray([Datum.From((long)k), Datum.From((long)i)]))];
        var expected = keys.Select((k, i) => (k, i)).OrderBy(p => p.k).Select(p => p.i);
        return Run("sort_by(@, &[0])[*][1]", Datum.FromArray(items)).EnumerateItems().Select(d => (int)d.GetDouble()).SequenceEqual(expected);
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Slices_agree_with_Python()
    {
        var part = Gen.OneOf(Gen.Constant((int?)null), Gen.Choose(-8, 8).Select(i => (int?)i));
        var slices = Gen.Zip(Gen.Choose(0, 6), Gen.Zip(part, Gen.Zip(part, part))).Where(s => s.Item2.Item2.Item2 != 0);
        Prop.ForAll(slices.ToArbitrary(), s =>
        {
            var (length, (start, (stop, step))) = s;
            var list = Datum.FromArray([.. Enumerable.Range(0, length).Select(i => Datum.From((long)i))]);
            return Run($"[{start}:{stop}:{step}]", list).EnumerateItems().Select(d => (int)d.GetDouble()).SequenceEqual(PythonSlice(length, start, stop, step ?? 1));
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void Flattening_joins_the_lists() => Prop.ForAll(Gen.Choose(0, 9).ListOf().ListOf().ToArbitrary(), lists =>
        Run("[]", Datum.FromArray([.. lists.Select(l => Datum.FromArray([.. l.Select(n => Datum.From((long)n))]))])).EnumerateItems().Select(d => (int)d.GetDouble())
            .SequenceEqual(lists.SelectMany(l => l))).QuickCheckThrowOnFailure();

    static Datum Run(string text, Datum root) =>
        Expression.TryCompile(text, out var expression, out var error) ? expression.Evaluate(root) : throw new InvalidOperationException(error.ToString());

    // Written from Python's documentation by hand, one index at a time, to share no arithmetic with the product.
    static IEnumerable<int> PythonSlice(int length, int? start, int? stop, int step)
    {
        int Resolve(int? index, int whenMissing, int lowest, int highest)
        {
            var resolved = index ?? whenMissing;
            resolved = index < 0 ? resolved + length : resolved;
            return resolved < lowest ? lowest : resolved > highest ? highest : resolved;
        }

        var (lowest, highest) = step < 0 ? (-1, length - 1) : (0, length);
        var at = Resolve(start, step < 0 ? highest : lowest, lowest, highest);
        var end = stop is null ? (step < 0 ? -1 : length) : Resolve(stop, 0, lowest, highest);
        while (step < 0 ? at > end : at < end)
        {
            yield return at;
            at += step;
        }
    }

    static int CompareUtf32(byte[]? a, byte[]? b)
    {
        for (var i = 0; i < Math.Min(a!.Length, b!.Length); i += 4)
        {
            var order = BitConverter.ToUInt32(a, i).CompareTo(BitConverter.ToUInt32(b, i));
            if (order != 0)
            {
                return order;
            }
        }

        return a.Length.CompareTo(b.Length);
    }

    static string Canonical(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', e.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => JsonSerializer.Serialize(p.Name) + Canonical(p.Value)))}}}",
        JsonValueKind.Array => $"[{string.Join(',', e.EnumerateArray().Select(Canonical))}]",
        JsonValueKind.Number => e.TryGetInt64(out var whole) ? $"{whole}" : $"{e.GetDouble():R}",
        JsonValueKind.String => JsonSerializer.Serialize(e.GetString()),
        _ => e.GetRawText(),
    };
}
