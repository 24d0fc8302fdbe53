using AgentPlatform.Domain.Tenants;
using FsCheck;
using FsCheck.Fluent;

namespace AgentPlatform.Unit.Tenants;

[Parallelizable(ParallelScope.All)]
public sealed class TenantTokenTests
{
    [Test]
    public void Names_its_tenant_and_reads_back() => Prop.ForAll(ArbMap.Default.ArbFor<Guid>(), tenant =>
    {
        var token = TenantToken.Create(TenantToken.ApiKey, tenant);
        return TenantToken.TryRead(TenantToken.ApiKey, token.Text, out var read) && read.TenantId == tenant && read.Text == token.Text;
    }).QuickCheckThrowOnFailure();

    [TestCase("00000000-0000-0000-0000-000000000000")]
    [TestCase("ffffffff-ffff-ffff-ffff-ffffffffffff")]
    public void Holds_the_smallest_and_the_largest_id(string tenant)
    {
        var token = TenantToken.Create(TenantToken.Invitation, Guid.Parse(tenant));

        Assert.That(TenantToken.TryRead(TenantToken.Invitation, token.Text, out var read), Is.True);
        Assert.That(read!.TenantId, Is.EqualTo(Guid.Parse(tenant)));
    }

    [Test]
    public void Has_the_documented_form() =>
        Assert.That(TenantToken.Create(TenantToken.ApiKey, Guid.CreateVersion7()).Text, Does.Match("^ap_[0-9A-Za-z]{22}_[0-9A-Za-z]{30}_[0-9A-Za-z]{6}$"));

    [Test]
    public void Any_single_changed_character_is_noticed()
    {
        var text = TenantToken.Create(TenantToken.ApiKey, Guid.CreateVersion7()).Text;
        for (var i = 0; i < text.Length; i++)
        {
            var changed = text[..i] + (text[i] == 'x' ? 'y' : 'x') + text[(i + 1)..];
            Assert.That(TenantToken.TryRead(TenantToken.ApiKey, changed, out _), Is.False, changed);
        }
    }

    [TestCase("")]
    [TestCase(null)]
    [TestCase("ap_")]
    [TestCase("ap____")]
    [TestCase("ap_0000000000000000000000_000000000000000000000000000000_000000")]
    [TestCase("ap_zzzzzzzzzzzzzzzzzzzzzz_000000000000000000000000000000_000000")]
    [TestCase("ap_0000000000000000000000_00000000000000000000000000000é_000000")]
    public void Refuses_what_is_none(string? text) => Assert.That(TenantToken.TryRead(TenantToken.ApiKey, text, out _), Is.False);

    [Test]
    public void An_id_past_128_bits_is_refused_although_its_checksum_is_right()
    {
        // 22 base62 digits hold more than an id: find the checksum that such a token would need by making it ourselves.
        var body = $"ap_{new string('z', 22)}_{new string('0', 30)}";
        var crc = System.Text.Encoding.ASCII.GetBytes(body).Aggregate(uint.MaxValue, (crc, b) =>
            Enumerable.Range(0, 8).Aggregate(crc ^ b, (c, _) => (c & 1) == 0 ? c >> 1 : (c >> 1) ^ 0xEDB88320)) ^ uint.MaxValue;
        const string digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        var checksum = string.Concat(Enumerable.Range(0, 6).Select(i => digits[(int)(crc / (uint)Math.Pow(62, 5 - i) % 62)]));

        Assert.That(TenantToken.TryRead(TenantToken.ApiKey, $"{body}_{checksum}", out _), Is.False);
    }

    [Test]
    public void An_invitation_is_no_api_key()
    {
        var invitation = TenantToken.Create(TenantToken.Invitation, Guid.CreateVersion7());

        Assert.That(TenantToken.TryRead(TenantToken.ApiKey, invitation.Text, out _), Is.False);
    }

    [Test]
    public void Does_not_print_its_secret()
    {
        var token = TenantToken.Create(TenantToken.ApiKey, Guid.CreateVersion7());

        Assert.That($"{token}", Has.Length.LessThan(35).And.Not.Contains(token.Text[^20..]));
        Assert.That(token.Text, Does.StartWith(token.Prefix));
        Assert.That(token.Prefix, Has.Length.EqualTo(30));
    }
}
