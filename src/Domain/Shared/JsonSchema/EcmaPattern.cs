using System.Text;
using System.Text.RegularExpressions;

namespace AgentPlatform.Domain.Shared.JsonSchema;

/// <summary>
/// Turns an ECMA-262 pattern (with the <c>u</c> flag, as JSON Schema asks for) into a .NET one that means the same. Not covered: a character outside the basic
/// plane counts as two for <c>.</c> and classes, and <c>\p{Script=…}</c> is refused.
/// </summary>
static class EcmaPattern
{
    const int MaxLength = 4096;

    /// <summary>Longest time for one match of a pattern that needs backtracking.</summary>
    static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(100);

    /// <summary>A linear match ends by itself; on a machine that is busy, a short limit would refuse what is valid.</summary>
    static readonly TimeSpan LinearTimeout = TimeSpan.FromSeconds(30);

    const string Space = @"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";
    const string NotSpace = @"\0-\x08\x0e-\x1f!-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\uffff";

    static readonly Dictionary<string, string> Categories = new(StringComparer.Ordinal)
    {
        ["Letter"] = "L",
        ["Uppercase_Letter"] = "Lu",
        ["Lowercase_Letter"] = "Ll",
        ["Titlecase_Letter"] = "Lt",
        ["Modifier_Letter"] = "Lm",
        ["Other_Letter"] = "Lo",
        ["Mark"] = "M",
        ["Number"] = "N",
        ["Decimal_Number"] = "Nd",
        ["digit"] = "Nd",
        ["Letter_Number"] = "Nl",
        ["Other_Number"] = "No",
        ["Punctuation"] = "P",
        ["punct"] = "P",
        ["Symbol"] = "S",
        ["Math_Symbol"] = "Sm",
        ["Currency_Symbol"] = "Sc",
        ["Separator"] = "Z",
        ["Space_Separator"] = "Zs",
        ["Other"] = "C",
        ["Control"] = "Cc",
    };

    /// <summary>Null, with the reason, for what is no pattern.</summary>
    public static Regex? Compile(string pattern, out string problem)
    {
        problem = pattern.Length > MaxLength ? $"The pattern is longer than {MaxLength} characters." : "";
        if (problem.Length > 0)
            return null;
        try
        {
            var translated = new Translator(pattern).Translate();
            try
            {
                // Linear in the text, whatever the pattern: (a+)+$ costs what a+$ costs.
                return new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, LinearTimeout);
            }
            catch (NotSupportedException)
            {
                // Look-around, back references, or counted repeats past the automaton's size.
                return new Regex(translated, RegexOptions.CultureInvariant, Timeout);
            }
        }
        catch (Exception bad) when (bad is ArgumentException or FormatException)
        {
            problem = $"The pattern is not a valid regular expression: {bad.Message}";
            return null;
        }
    }

    sealed class Translator(string pattern)
    {
        readonly StringBuilder _net = new(pattern.Length + 16);
        int _at;

        public string Translate()
        {
            while (_at < pattern.Length)
            {
                var c = pattern[_at++];
                switch (c)
                {
                    case '\\':
                        Escape(inClass: false);
                        break;
                    case '[':
                        Class();
                        break;
                    case '$':
                        // In .NET a plain $ also matches before a last line feed.
                        _net.Append(@"\z");
                        break;
                    case '.':
                        _net.Append(@"[^\n\r\u2028\u2029]");
                        break;
                    case '(' when _at + 1 < pattern.Length && pattern[_at] == '?' && !":=!<".Contains(pattern[_at + 1]):
                        throw new FormatException("inline options and conditions are not part of ECMA-262.");
                    default:
                        _net.Append(c);
                        break;
                }
            }
            return _net.ToString();
        }

        void Class()
        {
            var negated = _at < pattern.Length && pattern[_at] == '^';
            if (negated)
                _at++;
            if (_at < pattern.Length && pattern[_at] == ']')
            {
                // ECMA-262 has an empty class, which matches nothing, and its opposite.
                _at++;
                _net.Append(negated ? @"[\s\S]" : @"[^\s\S]");
                return;
            }
            _net.Append(negated ? "[^" : "[");
            while (_at < pattern.Length && pattern[_at] != ']')
            {
                var c = pattern[_at++];
                if (c == '\\')
                    Escape(inClass: true);
                else if (c == '[')
                    _net.Append(@"\["); // would start a class subtraction
                else
                    _net.Append(c);
            }
            if (_at >= pattern.Length)
                throw new FormatException("a [ is not closed.");
            _at++;
            _net.Append(']');
        }

        void Escape(bool inClass)
        {
            if (_at >= pattern.Length)
                throw new FormatException("it ends with a backslash.");
            var c = pattern[_at++];
            var set = c switch
            {
                'd' => "0-9",
                'D' => @"\0-/:-\uffff",
                'w' => "0-9A-Z_a-z",
                'W' => @"\0-/:-@\[-^`{-\uffff",
                's' => Space,
                'S' => NotSpace,
                _ => null,
            };
            if (set is not null)
                _net.Append(inClass ? set : $"[{set}]");
            else if (c is 'p' or 'P')
                Property(c);
            else if (c == 'u')
                CodePoint(inClass);
            else if (char.IsAsciiLetter(c) && !(inClass ? "bfnrtvcx" : "bBfnrtvcxk").Contains(c))
                throw new FormatException($"\\{c} is not an escape of ECMA-262.");
            else
                _net.Append('\\').Append(c);
        }

        void Property(char kind)
        {
            var end = pattern.IndexOf('}', _at);
            if (_at >= pattern.Length || pattern[_at] != '{' || end < 0)
                throw new FormatException("\\p needs a name in braces.");
            var name = pattern[(_at + 1)..end];
            foreach (var prefix in new[] { "General_Category=", "gc=" })
                name = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
            name = Categories.GetValueOrDefault(name, name);
            if (name.Length > 2)
                throw new FormatException($"the character property {name} is not supported.");
            _net.Append('\\').Append(kind).Append('{').Append(name).Append('}');
            _at = end + 1;
        }

        void CodePoint(bool inClass)
        {
            if (_at >= pattern.Length || pattern[_at] != '{')
            {
                _net.Append(@"\u");
                return;
            }
            var end = pattern.IndexOf('}', _at);
            if (end < 0 || !int.TryParse(pattern.AsSpan(_at + 1, end - _at - 1), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value) || !Rune.IsValid(value))
                throw new FormatException("\\u{…} holds no code point.");
            if (value > 0xFFFF && inClass)
                throw new FormatException("a character beyond U+FFFF in a class is not supported.");
            foreach (var unit in char.ConvertFromUtf32(value))
                _net.Append($"\\u{(int)unit:x4}");
            _at = end + 1;
        }
    }
}
