using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace AgentPlatform.Domain.Shared;

/// <summary>What generic code (pipeline behaviours) needs of a result: to see a refusal and to make one.</summary>
public interface IResult<TSelf>
{
    Error? Error { get; }

    /// <summary>The value as JSON, to be stored as the answer of an idempotent request.</summary>
    byte[] ToStored();

    static abstract TSelf Refuse(Error error);

    static abstract TSelf FromStored(ReadOnlySpan<byte> stored);
}

/// <summary>A value, or the reason why there is none.</summary>
public readonly struct Result<T> : IResult<Result<T>>, IEquatable<Result<T>>
{
    readonly T? value;

    Result(T? value, Error? error)
    {
        this.value = value;
        Error = error;
    }

    public Error? Error { get; }

    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsOk => Error is null;

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">The result is a refusal.</exception>
    public T Value => Error is null ? value! : throw new InvalidOperationException($"Refused: {Error.Code} ({Error.Message})");

    public static Result<T> Ok(T value) => new(value, null);

    public static Result<T> Refuse(Error error) => new(default, error);

    public byte[] ToStored() => JsonSerializer.SerializeToUtf8Bytes(Value);

    public static Result<T> FromStored(ReadOnlySpan<byte> stored) => Ok(JsonSerializer.Deserialize<T>(stored)!);

    public static implicit operator Result<T>(T value) => Ok(value);

    public static implicit operator Result<T>(Error error) => Refuse(error);

    public Result<TNext> Map<TNext>(Func<T, TNext> next) => IsOk ? next(Value) : Result<TNext>.Refuse(Error);

    public bool Equals(Result<T> other) => Equals(Error, other.Error) && EqualityComparer<T?>.Default.Equals(value, other.value);

    public override bool Equals(object? obj) => obj is Result<T> other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Error, value);

    public static bool operator ==(Result<T> left, Result<T> right) => left.Equals(right);

    public static bool operator !=(Result<T> left, Result<T> right) => !left.Equals(right);
}
