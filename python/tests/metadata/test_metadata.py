"""What a release says of itself to other tools, judged by those tools.

    CORPUS_RELEASE=<directory of a release> python -m unittest discover -s python/tests/metadata

`mlcroissant` and `frictionless` are the reference implementations of Croissant and Data Package. Both load
every row: a document that is valid may still describe no row at all. Offline.
"""

import hashlib
import json
import os
import re
import unittest
from pathlib import Path

import frictionless
import mlcroissant
import pyarrow.parquet as pq
import yaml

RELEASE = Path(os.environ["CORPUS_RELEASE"]).resolve()
MANIFEST = json.loads((RELEASE / "manifest.json").read_text("utf-8"))
SEVERAL = len(MANIFEST["configs"]) > 1


def splits():
    """Every split by the name that the documents give it."""
    for config in MANIFEST["configs"]:
        for split in config["splits"]:
            name = f"{config['name']}/{split['name']}" if SEVERAL else split["name"]
            yield name, split


def ids(split) -> list[str]:
    """The ids of a split, read without any of the documents."""
    [key] = MANIFEST["schema"]["primary_key"]
    tables = [pq.ParquetFile(RELEASE / shard["path"]).read([key]) for shard in split["shards"]]
    return sorted(value for table in tables for value in table[key].to_pylist())


class Croissant(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dataset = mlcroissant.Dataset(str(RELEASE / "croissant.json"))

    def test_nothing_is_wrong_and_nothing_is_doubtful(self):
        issues = self.dataset.metadata.ctx.issues
        self.assertEqual(issues.report(), "")

    def test_it_is_of_the_version_it_says(self):
        self.assertTrue(self.dataset.metadata.ctx.is_v1_1())
        self.assertEqual(self.dataset.metadata.version, MANIFEST["version"])

    def test_every_row_loads(self):
        [key] = MANIFEST["schema"]["primary_key"]
        names = []
        for name, split in splits():
            names.append(name)
            found = [record[f"{name}/{key}"].decode("utf-8") for record in self.dataset.records(name)]
            self.assertEqual(sorted(found), ids(split), name)
        self.assertEqual(sorted(names), sorted(str(record_set.uuid) for record_set in self.dataset.metadata.record_sets))

    def test_every_column_of_a_row_is_there(self):
        for name, _ in splits():
            record = next(iter(self.dataset.records(name)))
            columns = [f"{name}/{field['name']}" for field in MANIFEST["schema"]["fields"]]
            self.assertEqual(list(record), columns)

    def test_members_of_structs_are_read(self):
        for name, _ in splits():
            nested = [field["name"] for field in MANIFEST["schema"]["fields"] if field["type"].startswith("struct")]
            for column in nested:
                found = [record[f"{name}/{column}"] for record in self.dataset.records(name)]
                self.assertTrue(any(any(value is not None for value in struct.values()) for struct in found), name)

    def test_sizes_and_checksums(self):
        document = json.loads((RELEASE / "croissant.json").read_text("utf-8"))
        files = [node for node in document["distribution"] if node["@type"] == "cr:FileObject"]
        self.assertEqual(len(files), sum(len(split["shards"]) for _, split in splits()))
        for node in files:
            data = (RELEASE / node["contentUrl"]).read_bytes()
            self.assertEqual(hashlib.sha256(data).hexdigest(), node["sha256"])
            self.assertEqual(f"{len(data)} B", node["contentSize"])


class DataPackage(unittest.TestCase):
    def setUp(self):
        self.package = frictionless.Package(str(RELEASE / "datapackage.json"))

    def test_it_is_valid_and_every_row_with_it(self):
        report = frictionless.validate(str(RELEASE / "datapackage.json"))
        self.assertTrue(report.valid, report.flatten(["title", "message"])[:5])
        self.assertEqual([task.name for task in report.tasks], [name.replace("/", ".").lower() for name, _ in splits()])
        # Of a table in several files the tool reads the first alone, so each is given to it by itself.
        for resource, (name, split) in zip(self.package.resources, splits(), strict=True):
            rows = 0
            for path in [resource.path, *resource.extrapaths]:
                shard = frictionless.resources.TableResource(
                    path=path, basepath=str(RELEASE), format="parquet", schema=resource.schema.to_copy()
                )
                report = shard.validate()
                self.assertTrue(report.valid, report.flatten(["title", "message"])[:5])
                rows += report.tasks[0].stats["rows"]
            self.assertEqual(rows, split["rows"], name)

    def test_a_wrong_row_would_be_found(self):
        resource = self.package.resources[0]
        resource.schema.get_field(MANIFEST["schema"]["primary_key"][0]).constraints["enum"] = ["none of them"]
        self.assertFalse(resource.validate().valid)


class Citation(unittest.TestCase):
    def test_what_the_format_requires(self):
        cff = yaml.safe_load((RELEASE / "CITATION.cff").read_text("utf-8"))
        self.assertEqual((cff["cff-version"], cff["type"]), ("1.2.0", "dataset"))
        self.assertTrue(cff["message"] and cff["title"] == MANIFEST["name"])
        self.assertTrue(cff["authors"] and all(list(author) == ["name"] for author in cff["authors"]))
        self.assertRegex(cff["date-released"], r"^\d{4}-\d\d-\d\d$")
        self.assertEqual((cff["version"], cff["identifiers"][0]["value"]), (MANIFEST["version"], MANIFEST["content_id"]))
        known = {"cff-version", "message", "type", "title", "version", "date-released", "abstract", "url", "license", "authors", "identifiers"}
        self.assertLessEqual(set(cff), known)


class Provenance(unittest.TestCase):
    def test_every_subject_is_the_file(self):
        statement = json.loads((RELEASE / "provenance/release.intoto.json").read_text("utf-8"))
        self.assertEqual(statement["_type"], "https://in-toto.io/Statement/v1")
        self.assertEqual(statement["predicateType"], "https://slsa.dev/provenance/v1")
        for subject in statement["subject"]:
            data = (RELEASE / subject["name"]).read_bytes()
            self.assertEqual(hashlib.sha256(data).hexdigest(), subject["digest"]["sha256"])
        present = {path.relative_to(RELEASE).as_posix() for path in RELEASE.rglob("*") if path.is_file()}
        without = {"manifest.json", "SHA256SUMS", "provenance/release.intoto.json"}
        self.assertEqual({subject["name"] for subject in statement["subject"]}, present - without)

    def test_the_predicate_names_what_slsa_requires(self):
        statement = json.loads((RELEASE / "provenance/release.intoto.json").read_text("utf-8"))
        build, run = statement["predicate"]["buildDefinition"], statement["predicate"]["runDetails"]
        uri = re.compile(r"^[a-z][a-z0-9+.-]*:\S+$")
        self.assertRegex(build["buildType"], uri)
        self.assertRegex(run["builder"]["id"], uri)
        self.assertTrue(build["externalParameters"])
        inputs = [d for d in build["resolvedDependencies"] if d["name"] == "input"]
        self.assertEqual([i["digest"]["sha256"] for i in inputs], [i["sha256"] for i in MANIFEST["inputs"]])


if __name__ == "__main__":
    unittest.main()
