// SPDX-License-Identifier: BSL-1.0
// Commands that show what an instance has, and the options that all commands share.
#include "commands.hpp"

#include "entity_choice.hpp"
#include "generate_rows.hpp"
#include "inspect.hpp"
#include "login.hpp"
#include "smoke.hpp"
#include "syncs.hpp"
#include "text.hpp"
#include "tidy.hpp"

namespace cli {

CLI::App* add_command(CLI::App& to, choice& chosen, std::string const& name,
                      std::string const& description, std::string const& example) {
    CLI::App* const command = to.add_subcommand(name, description);
    command->footer("Example:\n  " + example);
    command->set_help_flag("--help", "shows this text");
    connection_arguments& where = chosen.common.connection;
    auto const option = [&](std::string const& flag, std::string& value, std::string const& type,
                            std::string const& text) {
        return command->add_option(flag, value, text)->type_name(type)->group("Connection");
    };
    option("--profile", where.profile, "NAME",
           "credentials and addresses of a profile, in place of ELOQUA_COMPANY, ELOQUA_USER and "
           "ELOQUA_PASSWORD")
        ->envname("ELOQUA_PROFILE");
    option("--login-url", where.login_url, "URL",
           "returns the instance's host; without it, and without ELOQUA_LOGIN_URL or a profile, "
           "Eloqua's own login service is asked");
    option("--base-url", where.base_url, "URL",
           "base URL of the Bulk API, used exactly as given: https://HOST/API/Bulk/2.0");
    option("--ca-file", where.ca_file, "FILE",
           "PEM file of a certificate authority to trust in addition to the system's; without it, "
           "ELOQUA_CA_FILE or that of the profile");
    command
        ->add_flag("--allow-http", where.allow_http,
                   "allows http:// URLs of another machine, which expose the password")
        ->group("Connection");
    return command;
}

void add_job_options(CLI::App* command, choice& chosen) {
    command->add_flag("--quiet", chosen.common.quiet, "only errors on standard error");
    command
        ->add_option("--governor", chosen.common.connection.governor,
                     "the programs of this machine that name the same file together keep within "
                     "Eloqua's hourly limits of syncs, and export activities one after another")
        ->type_name("FILE")
        ->envname("ELOQUA_GOVERNOR");
}

void add_activity_type(CLI::App* command, entity_arguments& of) {
    command->add_option("--type", of.type, "the type of activities, such as EmailOpen")
        ->type_name("TYPE");
}

void add_entity(CLI::App* command, entity_arguments& of, std::string const& other) {
    command->add_option("ENTITY", of.name, entities_text + other)->required();
    command->add_option("WHICH", of.which, "the type of activities, or the id");
    add_activity_type(command, of);
}

namespace {

void add_json(CLI::App* command, choice& chosen) {
    command->add_flag("--json", chosen.common.json, "JSON on standard output");
}

template <class Run>
void add_list(CLI::App& to, choice& chosen, std::string const& name, std::string const& text,
              Run run) {
    CLI::App* const command = add_command(to, chosen, name, text, "eloqua-bulk " + name);
    add_json(command, chosen);
    command->callback(
        [&chosen, run] { chosen.run = [&chosen, run] { return run(chosen.common); }; });
}

} // namespace

void add_inspect_commands(CLI::App& to, choice& chosen) {
    auto const of = std::make_shared<entity_arguments>();
    CLI::App* const fields = add_command(to, chosen, "fields", "Lists the fields of an entity.",
                                         "eloqua-bulk fields activities --type EmailOpen");
    add_entity(fields, *of, ", opportunities");
    add_json(fields, chosen);
    fields->callback(
        [of, &chosen] { chosen.run = [of, &chosen] { return run_fields(*of, chosen.common); }; });
    add_list(to, chosen, "objects", "Lists the custom objects and events.", run_objects);
    add_list(to, chosen, "lists", "Lists the contact lists and account lists.", run_lists);
    add_list(to, chosen, "segments", "Lists the segments and shared filters of contacts.",
             run_segments);
    add_list(to, chosen, "storage", "Shows the storage that exported and staged rows use.",
             run_storage);

    auto const count = std::make_shared<std::int64_t>(20);
    CLI::App* const syncs =
        add_command(to, chosen, "syncs", "Lists the newest syncs.", "eloqua-bulk syncs --count 50");
    syncs->add_option("--count", *count, "how many (default 20)")
        ->type_name("N")
        ->check(CLI::Range(1, 100'000));
    add_json(syncs, chosen);
    syncs->callback([count, &chosen] {
        chosen.run = [count, &chosen] { return run_syncs(*count, chosen.common); };
    });

    auto const sync = std::make_shared<sync_arguments>();
    CLI::App* const one =
        add_command(to, chosen, "sync", "Shows one sync.", "eloqua-bulk sync 12 --logs --rejects");
    one->add_option("ID", sync->id, "the number of the sync")->required();
    one->add_flag("--logs", sync->logs, "shows its log");
    one->add_flag("--rejects", sync->rejects, "shows the rows that it rejected");
    add_json(one, chosen);
    one->callback([sync, &chosen] {
        chosen.run = [sync, &chosen] { return run_sync(*sync, chosen.common); };
    });

    auto const awaited = std::make_shared<std::int64_t>(0);
    CLI::App* const wait = add_command(
        to, chosen, "wait", "Waits until a sync has ended. Exit status 1 if it ended in an error.",
        "eloqua-bulk wait 12 && echo complete");
    wait->add_flag("--quiet", chosen.common.quiet, "only errors on standard error");
    wait->add_option("ID", *awaited, "the number of the sync")->required();
    add_json(wait, chosen);
    wait->callback([awaited, &chosen] {
        chosen.run = [awaited, &chosen] { return run_wait(*awaited, chosen.common); };
    });
}

void add_other_commands(CLI::App& to, choice& chosen) {
    auto const tidy = std::make_shared<tidy_arguments>();
    tidy->prefix = "eloqua-bulk ";
    tidy->older_than = "3d";
    CLI::App* const command =
        add_command(to, chosen, "tidy",
                    "Lists definitions of exports and imports that interrupted runs left behind.",
                    "eloqua-bulk tidy --older-than 7d --remove");
    command
        ->add_option("--prefix", tidy->prefix,
                     "start of their names; by default 'eloqua-bulk ', which this program uses")
        ->type_name("TEXT");
    command
        ->add_option("--older-than", tidy->older_than,
                     "only those not changed for that long: 90m, 12h, 3d (default 3d)")
        ->type_name("AGE");
    command->add_flag("--remove", tidy->remove,
                      "deletes them with their rows; runs that would resume them then start over");
    add_json(command, chosen);
    command->callback([tidy, &chosen] {
        chosen.run = [tidy, &chosen] { return run_tidy(*tidy, chosen.common); };
    });

    auto const login = std::make_shared<login_arguments>();
    CLI::App* const consent = add_command(
        to, chosen, "login",
        "Asks a user to consent to an OAuth application, and stores the tokens for --profile. "
        "Prints the address of the consent page and reads the address that the browser is "
        "redirected to from standard input. A new profile keeps --login-url, --base-url, --ca-file "
        "and --allow-http.",
        "ELOQUA_CLIENT_SECRET=... eloqua-bulk login --profile acme --client-id ID \\\n"
        "      --redirect-uri https://client.example.com/cb");
    consent->add_option("--client-id", login->client_id, "of the application, for a new profile")
        ->type_name("ID");
    consent
        ->add_option("--redirect-uri", login->redirect_uri,
                     "of the application, exactly as registered, for a new profile")
        ->type_name("URI");
    consent
        ->add_option("--login-origin", login->login_origin,
                     "the login service, for a new profile (default https://login.eloqua.com)")
        ->type_name("URL");
    consent->callback([login, &chosen] {
        chosen.run = [login, &chosen] { return run_login(*login, chosen.common); };
    });

    auto const smoke = std::make_shared<smoke_arguments>();
    CLI::App* const trial = add_command(
        to, chosen, "smoke",
        "Tries an instance, and records how it answers. Reads a page of each list and fields of "
        "each entity, and sends reading requests that the documentation does not cover, such as a "
        "limit of 0. Changes nothing, unless --export is given. Writes each request and response "
        "to a file in FOLDER. Credentials, values of rows, names and other texts are masked: "
        "letters "
        "become x, digits 9. Exit status 5 if a step failed.",
        "eloqua-bulk smoke recording");
    trial->add_option("FOLDER", smoke->folder, "a folder that is empty or missing")->required();
    trial->add_flag(
        "--export", smoke->with_exports,
        "also exports ten contacts, and those changed in the last hours, to find out in "
        "which zone filters read times; deletes what it created");
    trial->callback([smoke, &chosen] {
        chosen.run = [smoke, &chosen] { return run_smoke(*smoke, chosen.common); };
    });

    auto const rows = std::make_shared<generate_arguments>();
    CLI::App* const generate = add_command(
        to, chosen, "generate-rows",
        "Writes a C++ header with a struct for the rows of an entity: a member for each of its "
        "fields, of the field's type, and the field map. Imports refuse a struct with read-only "
        "fields; --writable leaves them out. An export has at most 250 fields, an import 100.",
        "eloqua-bulk generate-rows contacts --writable --out contact.hpp");
    add_entity(generate, rows->entity, ", opportunities");
    generate->add_option("--struct", rows->struct_name, "the struct's name (default: the entity's)")
        ->type_name("NAME");
    generate
        ->add_option("--namespace", rows->name_space, "namespace of the struct, such as acme::rows")
        ->type_name("NAME");
    generate
        ->add_option(
            "--only", rows->only,
            "only this field: its internal name, display name or statement; may be repeated")
        ->type_name("FIELD")
        ->expected(1)
        ->take_all();
    generate->add_flag("--writable", rows->writable, "only fields that an import can write");
    generate->add_option("--out", rows->out, "writes to a file instead of standard output")
        ->type_name("FILE");
    generate->callback([rows, &chosen] {
        chosen.run = [rows, &chosen] { return run_generate_rows(*rows, chosen.common); };
    });
}

} // namespace cli
