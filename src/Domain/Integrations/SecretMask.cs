using System.Text;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Domain.Integrations;

/// <summary>Hides the secrets that a run has used wherever they come back from outside. Calls side by side may add to it.</summary>
public sealed class SecretMask
{
    public const string Hidden = "***";

    readonly Lock gate = new();
    SecretForms[] known = [];

    public bool IsEmpty => known.Length == 0;

    public void Add(SecretForms? forms)
    {
        if (forms is null || Array.IndexOf(known, forms) >= 0)
        {
            return;
        }

        lock (gate)
        {
            if (Array.IndexOf(known, forms) < 0)
            {
                known = [.. known, forms];
            }
        }
    }

    public string Apply(string text) => TryMask(text, out var masked) ? masked : text;

    public Datum Apply(Datum value) => TryMask(value, out var masked) ? masked : value;

    public SkillError Apply(SkillError error) => IsEmpty ? error : error with
    {
        Message = Apply(error.Message),
        Detail = error.Detail is { } detail && TryMask(Datum.From(detail), out var masked) ? masked.ToJsonElement() : error.Detail,
    };

    /// <summary>For a text that comes in pieces: each secret is found also where two of them meet.</summary>
    public SecretMaskStream Stream() => new(this);

    /// <returns>False when there is nothing to hide in it.</returns>
    public bool TryMask(Datum value, out Datum masked)
    {
        masked = default;
        switch (value.Kind)
        {
            case DatumKind.String when TryMask(value.GetString(), out var text):
                masked = Datum.From(text);
                return true;
            case DatumKind.Number when Array.Exists(known, forms => forms.IsNumeric) && TryMask(value.ToJsonElement().GetRawText(), out var digits):
                masked = Datum.From(digits);
                return true;
            case DatumKind.Array:
                return TryMaskItems(value, out masked);
            case DatumKind.Object:
                return TryMaskMembers(value, out masked);
            default:
                return false;
        }
    }

    internal bool TryMask(string text, out string masked)
    {
        masked = text;
        var forms = known;
        if (text.Length < SecretForms.MinLength || forms.Length == 0)
        {
            return false;
        }

        var (start, length) = First(forms, text);
        if (start < 0)
        {
            return false;
        }

        var result = new StringBuilder(text.Length);
        var rest = text.AsSpan();
        while (start >= 0)
        {
            result.Append(rest[..start]).Append(Hidden);
            rest = rest[(start + length)..];
            (start, length) = First(forms, rest);
        }

        masked = result.Append(rest).ToString();
        return true;
    }

    /// <summary>How much of a text's end could be the beginning of a secret.</summary>
    internal int Undecided(ReadOnlySpan<char> text)
    {
        var forms = known;
        for (var length = Math.Min(text.Length, forms.Length == 0 ? 0 : forms.Max(set => set.Longest) - 1); length > 0; length--)
        {
            foreach (var set in forms)
            {
                foreach (var form in set.All)
                {
                    if (form.Length > length && form.AsSpan(0, length).Equals(text[^length..], StringComparison.OrdinalIgnoreCase))
                    {
                        return length;
                    }
                }
            }
        }

        return 0;
    }

    static (int Start, int Length) First(SecretForms[] forms, ReadOnlySpan<char> text)
    {
        (int Start, int Length) first = (-1, 0);
        foreach (var set in forms)
        {
            var found = set.FindIn(text);
            if (found.Start >= 0 && (first.Start < 0 || found.Start < first.Start || (found.Start == first.Start && found.Length > first.Length)))
            {
                first = found;
            }
        }

        return first;
    }

    bool TryMaskItems(Datum array, out Datum masked)
    {
        List<Datum>? copy = null;
        var index = 0;
        foreach (var item in array.EnumerateItems())
        {
            if (TryMask(item, out var hidden))
            {
                copy ??= [.. Items(array, index)];
                copy.Add(hidden);
            }
            else
            {
                copy?.Add(item);
            }

            index++;
        }

        masked = copy is null ? default : Datum.FromArray(copy);
        return copy is not null;
    }

    bool TryMaskMembers(Datum value, out Datum masked)
    {
        var found = false;
        var copy = new List<KeyValuePair<string, Datum>>();
        foreach (var (name, member) in value.EnumerateMembers())
        {
            var (namesSecret, holdsSecret) = (TryMask(name, out var hiddenName), TryMask(member, out var hidden));
            found |= namesSecret || holdsSecret;
            copy.Add(KeyValuePair.Create(hiddenName, holdsSecret ? hidden : member));
        }

        masked = found ? Datum.FromMembers([.. copy]) : default;
        return found;
    }

    static IEnumerable<Datum> Items(Datum array, int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return array.ItemAt(i);
        }
    }
}

/// <summary>Masks a text that comes in pieces: what could be the beginning of a secret is kept back until the next piece decides.</summary>
public sealed class SecretMaskStream(SecretMask mask)
{
    string kept = "";

    /// <returns>What may be shown now; possibly nothing.</returns>
    public string Next(string piece)
    {
        var text = mask.Apply(kept + piece);
        var open = mask.Undecided(text);
        kept = text[(text.Length - open)..];
        return text[..(text.Length - open)];
    }

    /// <returns>What was kept back.</returns>
    public string End()
    {
        var rest = kept;
        kept = "";
        return rest;
    }
}
