-- Who is asked before a model's call of a bound skill, and the version of llm whose nodes may say it for the tools that they name.
-- A person or a team as people write them (id, e-mail address, slug), looked for when somebody is asked: no key can refer to that.
-- after: agents/0007
-- migrate:up
alter table agents.agent_skills
  add column assignee text check (char_length(assignee) between 1 and 320),
  add column team text check (char_length(team) between 1 and 320);

-- Row-level security is forced, also for the owner where it may not bypass it.
select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);
insert into agents.skill_versions (tenant_id, id, skill_id, semantic_version, spec, input_schema, output_schema, changelog)
select tenant_id, '01900000-0000-7000-8000-000000000d06', skill_id, '1.3.0', spec,
  jsonb_set(input_schema, '{properties,tools,anyOf,1,items,anyOf,1,properties}', (input_schema #> '{properties,tools,anyOf,1,items,anyOf,1,properties}') || $json$
{
  "assignee": { "type": "string", "minLength": 1, "maxLength": 320, "description": "Who is asked, with approval always: id or e-mail address of a member." },
  "team": { "type": "string", "minLength": 1, "maxLength": 320, "description": "The team that is asked: id or slug." }
}
$json$::jsonb),
  output_schema, 'Tools may say who approves their calls.'
from agents.skill_versions
where tenant_id = '00000000-0000-0000-0000-000000000000' and id = '01900000-0000-7000-8000-000000000406';
-- migrate:down
select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);
alter table agents.skill_versions disable trigger user;
delete from agents.skill_versions where tenant_id = '00000000-0000-0000-0000-000000000000' and id = '01900000-0000-7000-8000-000000000d06';
alter table agents.skill_versions enable trigger user;
alter table agents.agent_skills drop column assignee, drop column team;
