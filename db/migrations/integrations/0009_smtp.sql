-- Sending mail by anybody's server. Unlike the other integrations it has no hosts of its own: each credential names its server (host, port, encryption, from) beside
-- username and password, and allowed_hosts says that it may be sent there.
-- migrate:up
select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);

insert into integrations.integrations (tenant_id, id, slug, name, description, auth_type, spec) values
  ('00000000-0000-0000-0000-000000000000', '01900000-0000-7000-8000-00000002000b', 'smtp', 'E-mail (SMTP)', 'Sends e-mail by a mail server: username, password, host, and where they differ from what is usual port, encryption (tls, starttls) and from.', 'basic', $json${"documentation_url": "https://www.rfc-editor.org/rfc/rfc6409"}$json$);
-- migrate:down
select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);
delete from integrations.integrations where tenant_id = '00000000-0000-0000-0000-000000000000' and id = '01900000-0000-7000-8000-00000002000b';
