using System.Security.Cryptography;
using AgentPlatform.Infrastructure.Shared.Secrets;

namespace AgentPlatform.Unit.Shared.Secrets;

public sealed class SecretBoxTests
{
    const string Purpose = "webhook_secret";
    static readonly Guid Tenant = Guid.Parse("0196a000-0000-7000-8000-000000000001");
    static readonly Guid OtherTenant = Guid.Parse("0196a000-0000-7000-8000-000000000002");
    static readonly Guid Row = Guid.Parse("0196a000-0000-7000-8000-00000000000a");
    static readonly Guid OtherRow = Guid.Parse("0196a000-0000-7000-8000-00000000000b");
    static readonly byte[] Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"u8.ToArray();
    static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    readonly SecretBox _box = new(new MasterKey(Key));

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(38)]
    [TestCase(65_536)]
    public void Opens_what_it_sealed(int length)
    {
        var plain = RandomNumberGenerator.GetBytes(length);

        var box = _box.Seal(plain, Tenant, Purpose, Row);

        Assert.That(box, Has.Length.EqualTo(length + SecretBox.Overhead));
        Assert.That(_box.TryOpen(box, Tenant, Purpose, Row, out var opened));
        Assert.That(opened, Is.EqualTo(plain));
    }

    [Test]
    public void Opens_what_another_process_with_the_same_key_sealed() =>
        Assert.That(new SecretBox(new MasterKey(Key)).TryOpen(_box.Seal(Secret, Tenant, Purpose, Row), Tenant, Purpose, Row, out _));

    [Test]
    public void Seals_the_same_secret_differently_each_time()
    {
        var boxes = Enumerable.Range(0, 100).Select(_ => Convert.ToHexString(_box.Seal(Secret, Tenant, Purpose, Row)));

        Assert.That(boxes, Is.Unique);
    }

    [Test]
    public void Refuses_a_value_moved_to_another_tenant_row_or_purpose()
    {
        var box = _box.Seal(Secret, Tenant, Purpose, Row);

        Assert.Multiple(() =>
        {
            Assert.That(_box.TryOpen(box, OtherTenant, Purpose, Row, out _), Is.False);
            Assert.That(_box.TryOpen(box, Tenant, Purpose, OtherRow, out _), Is.False);
            Assert.That(_box.TryOpen(box, Tenant, "idempotent_answer", Row, out _), Is.False);
            Assert.That(_box.TryOpen(box, Row, Purpose, Tenant, out _), Is.False);
        });
    }

    [Test]
    public void Refuses_a_value_of_another_key()
    {
        var other = Key.ToArray();
        other[^1] ^= 1;

        Assert.That(new SecretBox(new MasterKey(other)).TryOpen(_box.Seal(Secret, Tenant, Purpose, Row), Tenant, Purpose, Row, out var opened), Is.False);
        Assert.That(opened, Is.Null);
    }

    [Test]
    public void Refuses_a_flip_of_any_bit()
    {
        var box = _box.Seal(Secret, Tenant, Purpose, Row);
        for (var bit = 0; bit < box.Length * 8; bit++)
        {
            var changed = box.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(_box.TryOpen(changed, Tenant, Purpose, Row, out _), Is.False, $"bit {bit}");
        }
    }

    [Test]
    public void Refuses_any_truncation_and_any_addition()
    {
        var box = _box.Seal(Secret, Tenant, Purpose, Row);
        for (var length = 0; length < box.Length; length++)
        {
            Assert.That(_box.TryOpen(box.AsSpan(0, length), Tenant, Purpose, Row, out _), Is.False, $"{length} bytes");
            Assert.That(_box.TryOpen(box.AsSpan(length + 1), Tenant, Purpose, Row, out _), Is.False, $"from byte {length + 1}");
        }

        Assert.That(_box.TryOpen([.. box, 0], Tenant, Purpose, Row, out _), Is.False);
    }

    [TestCase((byte)0)]
    [TestCase((byte)2)]
    [TestCase((byte)255)]
    public void Refuses_another_format_version(byte version)
    {
        var box = _box.Seal(Secret, Tenant, Purpose, Row);
        box[0] = version;

        Assert.That(_box.TryOpen(box, Tenant, Purpose, Row, out _), Is.False);
    }

    [TestCase("")]
    [TestCase("zweckmäßig")]
    public void Takes_only_plain_purposes(string purpose) =>
        Assert.That(() => _box.Seal(Secret, Tenant, purpose, Row), Throws.ArgumentException);
}
