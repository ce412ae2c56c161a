// SPDX-License-Identifier: BSL-1.0
// The options of export, plan and import.
#include "commands.hpp"
#include "export_command.hpp"
#include "import_command.hpp"
#include "plan.hpp"

namespace cli {

namespace {

char const* const without_password =
    ", without a password: set PGPASSFILE, PGSERVICE or PGPASSWORD";

/// An option with a value that may be repeated.
CLI::Option* repeated(CLI::App* command, std::string const& flag, std::vector<std::string>& values,
                      std::string const& type, std::string const& text) {
    return command->add_option(flag, values, text + "; may be repeated")
        ->type_name(type)
        ->expected(1)
        ->take_all();
}
CLI::Option* option(CLI::App* command, std::string const& flag, std::string& value,
                    std::string const& type, std::string const& text) {
    return command->add_option(flag, value, text)->type_name(type);
}

void add_format(CLI::App* command, std::string& format) {
    option(command, "--format", format, "FORMAT",
           "csv or ndjson, if the name of the file does not say it");
}
void add_report(CLI::App* command, choice& chosen) {
    command->add_flag("--json", chosen.common.json, "a report as JSON on standard output");
}

void add_export_options(CLI::App* command, export_arguments& of) {
    add_entity(command, of.entity);
    repeated(command, "--columns", of.columns, "LIST",
             "columns, separated by commas: internal names, display names, system values such as "
             "Id or UpdatedAt, statements in {{ }}; NAME=FIELD chooses a column's name; '*' is all "
             "fields");
    repeated(command, "--column", of.column, "FIELD", "one column, whose name may have commas");
    option(
        command, "--where", of.where, "FILTER",
        "only rows that match: \"C_Country = 'BE' AND UpdatedAt >= '2025-06-01'\"; operators = != "
        "< <= > >= ~ (LIKE), AND, OR, NOT, EXISTS('{{ContactList[12]}}')");
    add_format(command, of.output.format);
    option(command, "--unique-by", of.unique_by, "COLUMN",
           "reads the complete file again, and fails if a value of this column comes twice; uses 8 "
           "bytes of memory per row");
}

} // namespace

void add_export_commands(CLI::App& to, choice& chosen) {
    auto const of = std::make_shared<export_arguments>();
    CLI::App* const command = add_command(
        to, chosen, "export",
        "Exports records to a file. A journal beside the file, FILE.journal, records the progress: "
        "if the command is interrupted at any moment and run again, it resumes, and the file has "
        "every row once. If the file is complete, a new export replaces it. The columns are "
        "checked before anything is written.",
        "eloqua-bulk export contacts --columns Id,C_EmailAddress,C_Country,UpdatedAt \\\n"
        "      --where \"C_Country = 'BE'\" -o people.csv.gz");
    add_export_options(command, *of);
    add_job_options(command, chosen);
    option(command, "-o,--output", of->output.output, "FILE",
           "where the rows go: FILE.csv, FILE.ndjson, with .gz compressed; '-' is standard output; "
           "sqlite:FILE/TABLE; postgres:CONNECTION with --table" +
               std::string(without_password))
        ->required();
    option(command, "--table", of->output.table, "NAME", "the table of -o postgres:");
    option(command, "--key", of->output.key, "COLUMN",
           "the column by which rows are merged into a table; without it, the rows of a new export "
           "replace all others");
    option(command, "--created", of->created, "FROM..TO",
           "only records created from FROM to before TO (UTC): 2025-01-01..2025-02-01; TO may be "
           "left out");
    option(command, "--updated", of->updated, "FROM..TO", "as --created, for the last change");
    option(command, "--window", of->window, "LENGTH",
           "divides --created or --updated into windows of this length (12h, 7d), each with an "
           "export of its own; windows with too many rows for one export are halved");
    command
        ->add_option("--ahead", of->ahead,
                     "how many windows Eloqua prepares while the rows of one are read (default 0; "
                     "not for activities, and only windows that ended more than an hour ago)")
        ->type_name("N")
        ->check(CLI::Range(0, 100));
    option(command, "--since-last", of->since_last, "FILE",
           "only what was changed since the last export with this file, which has the time of the "
           "latest change; rows come again within an overlap, so merge them by an id. Take a "
           "complete file away when its rows are read: as long as it is there, the next run is "
           "refused");
    command->add_flag("--replace", of->replace,
                      "lets --since-last replace a complete file that is still there: its rows are "
                      "lost unless they were read");
    option(command, "--overlap", of->overlap, "LENGTH",
           "how far --since-last goes back, for changes that Eloqua records late (default 1h; "
           "3d for activities that may be bouncebacks)");
    option(command, "--start", of->start, "TIME",
           "where the first export with --since-last begins (UTC); by default it has all rows");
    option(command, "--destination", of->destination, "NAME",
           "who gets the rows of --since-last: files with other names, such as one of each day, "
           "may share a mark if they have one reader, whom NAME names in each run (default: the "
           "file or table itself)");
    command->add_flag("--accept-changed-columns", of->accept_changed_columns,
                      "lets --since-last continue although columns or their fields have changed");
    command->add_flag("--replace-broken-texts", of->replace_broken_texts,
                      "replaces what is not Unicode in a value by U+FFFD, and counts such values; "
                      "otherwise the export ends there");
    command->add_flag("--resume", of->resume,
                      "only resumes: if the last export is complete, nothing is done");
    command->add_flag(
        "--start-over", of->start_over,
        "begins a new export if the interrupted one cannot be completed: if its rows on the server "
        "have expired, or are wrong again when it is resumed. Otherwise resumes it. A file keeps "
        "the old rows until the first new ones come, a table until all have come. In a table, a "
        "part of an export with another mark is given up too; and if a table of --since-last lacks "
        "earlier rows, all rows are exported again");
    add_report(command, chosen);
    command->callback(
        [of, &chosen] { chosen.run = [of, &chosen] { return run_export(*of, chosen.common); }; });

    auto const plan = std::make_shared<plan_arguments>();
    CLI::App* const windows = add_command(
        to, chosen, "plan",
        "Splits a large export into windows of time. Prints a line for each, of four parts "
        "separated by tabs: its number, its start, its end (exclusive), and the command that "
        "exports it to a file of its own. Sends nothing. Eloqua wants exports of activities one "
        "after another.",
        "eloqua-bulk plan contacts --columns '*' --created 2020-01-01.. --windows 48 \\\n"
        "      -o people.csv > plan.tsv\n"
        "  cut -f 4 plan.tsv | parallel -j 4");
    add_export_options(windows, plan->of);
    add_job_options(windows, chosen);
    option(
        windows, "-o,--output", plan->of.output.output, "FILE",
        "the name of the files, to which each window adds its number (default: the entity's name, "
        "with .csv)");
    option(windows, "--created", plan->of.created, "FROM..TO",
           "the whole time (UTC); without TO until now")
        ->required();
    windows->add_flag("--start-over", plan->of.start_over,
                      "adds --start-over to each command: if an interrupted window cannot be "
                      "completed, it is exported anew");
    windows->add_option("--windows", plan->windows, "how many windows, of the same length")
        ->type_name("N")
        ->required()
        ->check(CLI::Range(1, 100'000));
    windows->callback([plan, &chosen] {
        plan->program = chosen.program;
        connection_arguments const& where = chosen.common.connection;
        auto const add = [&](char const* name, std::string const& value) {
            if (!value.empty())
                plan->options.insert(plan->options.end(), {name, value});
        };
        add("--profile", where.profile);
        add("--login-url", where.login_url);
        add("--base-url", where.base_url);
        add("--ca-file", where.ca_file);
        add("--governor", where.governor);
        if (where.allow_http)
            plan->options.push_back("--allow-http");
        if (chosen.common.quiet)
            plan->options.push_back("--quiet");
        chosen.run = [plan] { return run_plan(*plan); };
    });
}

void add_import_command(CLI::App& to, choice& chosen) {
    auto const of = std::make_shared<import_arguments>();
    CLI::App* const command = add_command(
        to, chosen, "import",
        "Imports the rows of a file: CSV with a line of column names, or NDJSON; it may be "
        "compressed by gzip. A journal, FILE.import-journal, records the progress: if the command "
        "is interrupted at any moment and run again, it resumes and applies no row twice. The "
        "journal is deleted when the import is complete. The whole file and its columns are "
        "checked before anything is sent.",
        "eloqua-bulk import contacts people.csv --by C_EmailAddress \\\n"
        "      --map \"E-mail=C_EmailAddress\" --rejects rejects.csv");
    add_job_options(command, chosen);
    command->add_option("ENTITY", of->entity.name, entities_text + std::string(", opportunities"))
        ->required();
    // An id or a type comes between the entity and the file.
    auto const words = std::make_shared<std::vector<std::string>>();
    command
        ->add_option("FILE", *words,
                     "the file, after the id or type; '-' is standard input; sqlite:FILE or "
                     "postgres:CONNECTION with --query" +
                         std::string(without_password))
        ->required()
        ->expected(1, 2);
    add_activity_type(command, of->entity);
    option(command, "--by", of->columns.by, "FIELD",
           "the field, or the file's column, by which rows are matched with records; required, "
           "except for activities");
    repeated(command, "--map", of->columns.map, "COLUMN=FIELD",
             "the field of a column of the file; others are found by internal or display name");
    repeated(command, "--skip", of->columns.skip, "COLUMN", "leaves out a column of the file");
    option(command, "--rejects", of->rejects, "FILE",
           "writes the rejected rows as they are in the input, after their line, the code, the "
           "message and the columns; can be corrected and imported");
    option(command, "--journal", of->journal, "FILE",
           "keeps the journal here, also when the import is complete: the same command then sends "
           "nothing");
    option(
        command, "--query", of->query, "SQL",
        "the rows of a database; needs --journal, beside which they are stored until the import is "
        "complete, so that a run that resumes sends the same rows");
    add_format(command, of->format);
    option(command, "--delimiter", of->delimiter, "CHARACTER",
           "between the values of a CSV file: one character, or comma, semicolon or tab");
    option(command, "--update-rule", of->update_rule, "RULE",
           "when stored values are overwritten: always, ifNewIsNotNull (default), "
           "ifExistingIsNull, useFieldRule");
    option(command, "--import-rule", of->import_rule, "RULE",
           "of contacts and accounts: createAndUpdate (default), updateOnly, createOnly");
    command
        ->add_option("--add-to-list", of->add_to_list,
                     "adds the imported contacts or accounts to the list with this id")
        ->type_name("ID");
    command->add_flag("--dry-run", of->dry_run,
                      "checks file and fields, shows the first row, sends nothing");
    add_report(command, chosen);
    command->callback([of, words, &chosen] {
        of->input = words->back();
        if (words->size() == 2)
            of->entity.which = words->front();
        chosen.run = [of, &chosen] { return run_import(*of, chosen.common); };
    });
}

} // namespace cli
