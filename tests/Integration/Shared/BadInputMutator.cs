using System.Text;
using System.Text.Json.Nodes;

namespace AgentPlatform.Integration.Shared;

/// <summary>Changes a valid body at random: a value for another of any kind, a member gone, renamed or doubled, a byte flipped.</summary>
static class BadInputMutator
{
    static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1.5", "1e300", "2147483648", "9223372036854775807", "-9223372036854775809", "\"\"", "\" \"", "\"x\"", "\"=\"", "\"=a.b[?c]\"", "\"{{a}}\"", "\"{{#each\"",
        "\"\\u202e\\u200b\"", "\"\\ud83d\\ude00\"", "\"\\r\\nSet-Cookie: a=b\"", "\"' or true--\"", "\"../../etc\"", "\"00000000-0000-0000-0000-000000000000\"", "\"0001-01-01T00:00:00Z\"",
        "\"9999-12-31T23:59:59.9999999Z\"", "\"2026-02-30T00:00:00Z\"", "[]", "{}", "[null]", "[[]]", "{\"\":\"\"}", "{\"$ref\":\"#\"}", "{\"a\":{\"a\":{\"a\":{}}}}", "[1,\"1\",true,null,{},[]]",
    ];

    public static byte[] Mutate(string valid, Random random)
    {
        var root = JsonNode.Parse(valid)!;
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            Change(root, random);
        }

        var bytes = Encoding.UTF8.GetBytes(root.ToJsonString());
        if (random.Next(10) == 0)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return random.Next(20) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    static void Change(JsonNode root, Random random)
    {
        var at = Containers(root).ToList() is var all ? all[random.Next(all.Count)] : root;
        var value = random.Next(6) == 0 ? JsonValue.Create(new string((char)random.Next(32, 0xD7FF), 1 << random.Next(17))) : JsonNode.Parse(Values[random.Next(Values.Length)]);
        switch (at)
        {
            case JsonObject { Count: > 0 } members:
                var name = members.ElementAt(random.Next(members.Count)).Key;
                switch (random.Next(5))
                {
                    case 0:
                        members.Remove(name);
                        break;
                    case 1:
                        members[name + (char)random.Next(32, 127)] = value;
                        break;
                    default:
                        members[name] = value;
                        break;
                }

                break;
            case JsonObject members:
                members["a"] = value;
                break;
            case JsonArray { Count: > 0 } items when random.Next(3) > 0:
                items[random.Next(items.Count)] = value;
                break;
            case JsonArray items:
                items.Add(value);
                break;
        }
    }

    static IEnumerable<JsonNode> Containers(JsonNode node) => node switch
    {
        JsonObject members => members.Select(m => m.Value).OfType<JsonNode>().SelectMany(Containers).Prepend(node),
        JsonArray items => items.OfType<JsonNode>().SelectMany(Containers).Prepend(node),
        _ => [],
    };
}
