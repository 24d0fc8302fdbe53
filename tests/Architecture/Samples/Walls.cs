using AgentPlatform.Sample.Billing;

#pragma warning disable MA0048, IDE0130 // One file holds the whole sample, and its namespaces are those of two modules that do not exist.
namespace AgentPlatform.Sample.Billing
{
    /// <summary>What another module keeps to itself.</summary>
    class Ledger
    {
        public int Lines { get; set; }
    }

    public class Account
    {
        internal int Secret { get; set; }

        public int Number { get; set; }
    }

    [AttributeUsage(AttributeTargets.Class)]
    sealed class OwnAttribute : Attribute;
}

namespace AgentPlatform.Sample.Agents
{
    sealed class InField
    {
        object? ledger;

        Ledger? Kept => ledger as Ledger;

        public override string ToString() => (Kept, ledger = null).ToString();
    }

    static class InLambda
    {
        public static Func<int> Make() => () => new Ledger().Lines;
    }

    static class InAsync
    {
        public static async Task<int> Make()
        {
            await Task.Yield();
            return new Ledger().Lines;
        }
    }

    static class InSignature
    {
        public static IReadOnlyDictionary<string, Ledger[]>? Make() => null;
    }

    [Own]
    static class InAttribute;

    static class OfMember
    {
        public static int Read(Account account) => account.Secret;
    }

    sealed class AsBase : Ledger;

    static class Allowed
    {
        public static int Read(Account account) => account.Number;
    }
}
