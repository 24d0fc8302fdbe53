using System.Collections;
using System.Text.Json;

namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>The elements of an array (none for any other kind). A <c>foreach</c> over it allocates nothing.</summary>
public readonly struct DatumItems : IEnumerable<Datum>
{
    readonly JsonElement json;
    readonly DatumArray? computed;

    internal DatumItems(JsonElement json) => this.json = json;

    internal DatumItems(DatumArray? computed) => this.computed = computed;

    public Enumerator GetEnumerator() => computed is null && json.ValueKind == JsonValueKind.Array ? new Enumerator(json.EnumerateArray()) : new Enumerator(computed);

    IEnumerator<Datum> IEnumerable<Datum>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public struct Enumerator : IEnumerator<Datum>
    {
        readonly DatumArray? computed;
        readonly int count;
        JsonElement.ArrayEnumerator json;
        int at;

        internal Enumerator(JsonElement.ArrayEnumerator json)
        {
            this.json = json;
            count = -1;
        }

        internal Enumerator(DatumArray? computed)
        {
            this.computed = computed;
            count = computed?.Count ?? 0;
            at = -1;
        }

        public readonly Datum Current => count < 0 ? Datum.From(json.Current) : computed![at];

        readonly object IEnumerator.Current => Current;

        public bool MoveNext() => count < 0 ? json.MoveNext() : ++at < count;

        public void Reset() => throw new NotSupportedException();

        public readonly void Dispose()
        {
        }
    }
}
