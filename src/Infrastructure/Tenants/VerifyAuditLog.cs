using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Tenants;

file sealed class Handler(Db db) : IRequestHandler<VerifyAuditLog, Result<AuditVerdict>>
{
    // One statement, so one snapshot: entries that are added meanwhile are not half seen. The chain is read in its order once, and only the
    // first fault leaves the database.
    const string Verify = """
        with entries as (
          select l.id, l.seq, l.prev_hash, l.hash, tenants.audit_hash(l) as computed,
                 coalesce(lag(l.seq) over chain, 0) as prev_seq, coalesce(lag(l.hash) over chain, decode(repeat('00', 32), 'hex')) as expected_prev
          from tenants.audit_logs l
          where l.tenant_id = tenants.current_tenant_id()
          window chain as (order by l.seq, l.id)
        ), checked as (
          select id, seq, hash, case
            when computed <> hash then 'content'
            when seq > prev_seq + 1 then 'gap'
            when seq <= prev_seq then 'order'
            when prev_hash <> expected_prev then 'chain'
            when seq = @AnchorSeq and encode(hash, 'hex') <> @AnchorHash then 'anchor'
          end as code
          from entries
        ), summary as (
          select count(*) as entries, coalesce(max(seq), 0) as last_seq, (array_agg(hash order by seq desc, id desc) filter (where seq = top))[1] as last_hash,
                 min(seq) filter (where code is not null) as fault_seq
          from (select c.*, max(c.seq) over () as top from checked c) c
        )
        select s.entries, s.last_seq, coalesce(h.seq, 0) as head_seq, encode(coalesce(h.hash, decode(repeat('00', 32), 'hex')), 'hex') as head_hash,
               s.last_hash is not distinct from nullif(h.hash, decode(repeat('00', 32), 'hex')) as ends_at_head,
               s.fault_seq, f.id as fault_id, f.code as fault_code
        from summary s
        left join tenants.audit_heads h on h.tenant_id = tenants.current_tenant_id()
        left join lateral (select c.id, c.code from checked c where c.seq = s.fault_seq and c.code is not null order by c.id limit 1) f on true
        """;

    public async Task<Result<AuditVerdict>> Handle(VerifyAuditLog request, CancellationToken cancellationToken)
    {
        var row = (await db.One<Row>(Verify, request, cancellationToken))!;
        var fault = row switch
        {
            { FaultSeq: { } seq, FaultCode: { } code } => new AuditFault(seq, row.FaultId, code),
            { EndsAtHead: false } => new AuditFault(Math.Min(row.LastSeq, row.HeadSeq) + 1, null, "tail"),
            _ when request.AnchorSeq > row.LastSeq => new AuditFault(row.LastSeq + 1, null, "anchor"),
            _ => null,
        };
        return new AuditVerdict(fault is null, row.Entries, new AuditAnchor(row.HeadSeq, row.HeadHash), fault);
    }

    sealed record Row(
        long Entries, long LastSeq, long HeadSeq, string HeadHash, bool EndsAtHead, long? FaultSeq, Guid? FaultId, string? FaultCode);
}
