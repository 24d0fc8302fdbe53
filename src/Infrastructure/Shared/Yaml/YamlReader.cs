using System.Buffers;
using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Shared.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AgentPlatform.Infrastructure.Shared.Yaml;

/// <summary>
/// Turns the parser's events into JSON text. The text of an anchored node is a slice of what is already written, so an alias is a copy of that
/// slice: the size, depth and value limits count copies like anything else, and a "billion laughs" ends at the first megabyte.
/// </summary>
sealed class YamlReader(string yaml)
{
    readonly Parser _parser = new(new Scanner(new StringReader(yaml)));
    readonly ArrayBufferWriter<byte> _json = new(yaml.Length + 64);
    readonly Dictionary<string, Anchored> _anchors = new(StringComparer.Ordinal);
    int _values;
    int _deepest;

    public JsonDocument Read()
    {
        try
        {
            return ReadStream();
        }
        catch (YamlException broken)
        {
            throw Refuse(YamlProblemCodes.MalformedYaml, Reason(broken), "", broken.Start);
        }
        catch (Exception broken) when (broken is ArgumentException or InvalidOperationException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // The parser's own slips on odd input (an escape past U+10FFFF, a directive with a huge number).
            throw Refuse(YamlProblemCodes.MalformedYaml, "The text is not YAML", "", _parser.Current?.Start ?? Mark.Empty);
        }
    }

    JsonDocument ReadStream()
    {
        Next();
        if (Next() is StreamEnd end)
            throw Refuse(JsonProblemCodes.EmptyBody, "The text holds no YAML document", "", end.Start);
        Next();
        ReadNode("", 0);
        Next();
        if (Next() is DocumentStart second)
            throw Refuse(YamlProblemCodes.MultipleDocuments, "The text holds more than one YAML document", "", second.Start);
        return JsonDocument.Parse(_json.WrittenMemory, new JsonDocumentOptions { MaxDepth = StrictJson.MaxDepth });
    }

    ParsingEvent Next() => _parser.MoveNext() ? _parser.Current! : throw new InvalidOperationException("The YAML stream ended early.");

    /// <summary>Writes the node that starts at the current event, and leaves its last event current.</summary>
    void ReadNode(string pointer, int depth)
    {
        var start = _json.WrittenCount;
        var valuesBefore = _values;
        var outerDeepest = _deepest;
        _deepest = depth;
        var node = _parser.Current!;
        CountValue(node, pointer);
        switch (node)
        {
            case AnchorAlias alias:
                Expand(alias, pointer, depth);
                break;
            case Scalar scalar:
                ReadScalar(scalar, pointer);
                break;
            case SequenceStart sequence:
                ReadSequence(sequence, pointer, Deeper(sequence, pointer, depth));
                break;
            case MappingStart mapping:
                ReadMapping(mapping, pointer, Deeper(mapping, pointer, depth));
                break;
        }
        if (_json.WrittenCount > StrictJson.MaxBytes)
            throw Refuse(JsonProblemCodes.TooLarge, $"The document is larger than {StrictJson.MaxBytes} bytes of JSON", pointer, node.Start);
        if (node is NodeEvent { Anchor.IsEmpty: false } anchored)
            _anchors[anchored.Anchor.Value] = new(start, _json.WrittenCount - start, _values - valuesBefore, _deepest - depth);
        _deepest = Math.Max(outerDeepest, _deepest);
    }

    void ReadSequence(SequenceStart sequence, string pointer, int depth)
    {
        CheckTag(sequence, "tag:yaml.org,2002:seq", pointer);
        Write("["u8);
        for (var index = 0; Next() is not SequenceEnd; index++)
        {
            if (index > 0)
                Write(","u8);
            ReadNode(JsonPointer.Append(pointer, index), depth);
        }
        Write("]"u8);
    }

    void ReadMapping(MappingStart mapping, string pointer, int depth)
    {
        CheckTag(mapping, "tag:yaml.org,2002:map", pointer);
        var names = new HashSet<string>(StringComparer.Ordinal);
        Write("{"u8);
        while (Next() is not MappingEnd)
        {
            var name = ReadKey(pointer);
            var member = JsonPointer.Append(pointer, name);
            if (!names.Add(name))
                throw Refuse(JsonProblemCodes.DuplicateKey, "The mapping has two members with this name", member, _parser.Current!.Start);
            if (names.Count > StrictJson.MaxMembers)
                throw Refuse(JsonProblemCodes.TooManyValues, $"The mapping has more than {StrictJson.MaxMembers} members", member, _parser.Current!.Start);
            if (names.Count > 1)
                Write(","u8);
            WriteString(name, member, _parser.Current!.Start);
            Write(":"u8);
            Next();
            ReadNode(member, depth);
        }
        Write("}"u8);
    }

    string ReadKey(string pointer)
    {
        if (_parser.Current is not Scalar key)
            throw Refuse(YamlProblemCodes.UnsupportedKey, "A key must be a plain or quoted text, not a collection or an alias", pointer, _parser.Current!.Start);
        CheckTag(key, CoreSchema.Text, pointer);
        if (key is { Style: ScalarStyle.Plain, Value: "<<" })
            throw Refuse(YamlProblemCodes.UnsupportedAlias, "Merge keys (<<) are not supported; write the members out", pointer, key.Start);
        if (key is { Style: ScalarStyle.Plain, Value: "" })
            throw Refuse(YamlProblemCodes.UnsupportedKey, "A key is missing before the colon", pointer, key.Start);
        return key.Value;
    }

    void ReadScalar(Scalar scalar, string pointer)
    {
        if (CoreSchema.Resolve(scalar) is not { } resolved)
            throw Refuse(YamlProblemCodes.UnsupportedTag, $"The tag {Shorten(scalar.Tag.Value)} is not supported here; use a plain JSON value", pointer, scalar.Start);
        if (resolved.Kind == CoreKind.Text)
            WriteString(scalar.Value, pointer, scalar.Start);
        else if (resolved.Kind == CoreKind.NotANumber)
            throw Refuse(YamlProblemCodes.UnsupportedNumber, $"{scalar.Value} has no counterpart in JSON; quote it to mean the text", pointer, scalar.Start);
        else
            WriteJson(resolved, pointer, scalar.Start);
    }

    void WriteJson(CoreValue resolved, string pointer, Mark start)
    {
        var text = Encoding.ASCII.GetBytes(resolved.Json);
        if (resolved.Kind == CoreKind.Number && StrictJson.NumberProblem(text) is { } why)
            throw Refuse(JsonProblemCodes.NumberOutOfRange, why, pointer, start);
        Write(text);
    }

    void Expand(AnchorAlias alias, string pointer, int depth)
    {
        // An alias inside its own anchor is not finished yet, so it is not found either: no cycle can be written.
        if (!_anchors.TryGetValue(alias.Value.Value, out var target))
            throw Refuse(YamlProblemCodes.UnsupportedAlias, $"The alias *{Shorten(alias.Value.Value)} names no anchor that is complete above it", pointer, alias.Start);
        if (depth + target.Height > StrictJson.MaxDepth)
            throw TooDeep(pointer, alias.Start);
        _values += target.Values - 1;
        CheckValues(pointer, alias.Start);
        if (_json.WrittenCount + target.Length > StrictJson.MaxBytes)
            throw Refuse(JsonProblemCodes.TooLarge, $"With its aliases expanded the document is larger than {StrictJson.MaxBytes} bytes", pointer, alias.Start);
        _deepest = Math.Max(_deepest, depth + target.Height);
        // GetSpan may move the buffer, so the source slice is taken after it.
        var destination = _json.GetSpan(target.Length);
        _json.WrittenSpan.Slice(target.Start, target.Length).CopyTo(destination);
        _json.Advance(target.Length);
    }

    int Deeper(NodeEvent node, string pointer, int depth)
    {
        if (depth >= StrictJson.MaxDepth)
            throw TooDeep(pointer, node.Start);
        _deepest = Math.Max(_deepest, depth + 1);
        return depth + 1;
    }

    void CountValue(ParsingEvent node, string pointer)
    {
        _values++;
        CheckValues(pointer, node.Start);
    }

    void CheckValues(string pointer, Mark start)
    {
        if (_values > StrictJson.MaxValues)
            throw Refuse(JsonProblemCodes.TooManyValues, $"The document has more than {StrictJson.MaxValues} values", pointer, start);
    }

    void CheckTag(NodeEvent node, string allowed, string pointer)
    {
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific && node.Tag.Value != allowed)
            throw Refuse(YamlProblemCodes.UnsupportedTag, $"The tag {Shorten(node.Tag.Value)} is not supported here", pointer, node.Start);
    }

    void WriteString(string text, string pointer, Mark start)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            throw Refuse(JsonProblemCodes.NulCharacter, "The character NUL cannot be stored", pointer, start);
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                throw Refuse(JsonProblemCodes.LoneSurrogate, "Half of a surrogate pair stands alone", pointer, start);
            i++;
        }
        Write("\""u8);
        Write(JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        Write("\""u8);
    }

    void Write(ReadOnlySpan<byte> bytes) => _json.Write(bytes);

    YamlRefusal TooDeep(string pointer, Mark start) =>
        Refuse(JsonProblemCodes.TooDeep, $"Collections are nested deeper than {StrictJson.MaxDepth}", pointer, start);

    YamlRefusal Refuse(string code, string message, string pointer, Mark at)
    {
        var index = (int)Math.Clamp(at.Index, 0, yaml.Length);
        var offset = Encoding.UTF8.GetByteCount(yaml.AsSpan(0, index));
        return new(new(code, $"{message} (line {at.Line}, column {at.Column}).", pointer, offset));
    }

    static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";

    static string Reason(YamlException broken) => broken.Message is { Length: > 0 and < 300 } message ? message.TrimEnd('.') : "The text is not YAML";

    sealed record Anchored(int Start, int Length, int Values, int Height);
}
